import { LITERAL, NAME_PLACE, type RecordPlace } from "./schema-place.ts";
import { VERSION } from "./schema-runbook.ts";

/** A project's configuration (language.md section 11). */
export const CONFIG_RECORDS: readonly RecordPlace[] = [
  {
    name: "config",
    title: "a project's configuration",
    keys: {
      config: { place: VERSION, required: true, description: "Version of the language." },
      runbooks: { place: LITERAL, default: "runbooks", description: "Folder of runbooks, relative to this file." },
      inventory: { place: LITERAL, description: "The inventory that is used where none is named, relative to this file." },
      system: { place: NAME_PLACE, description: "The system that is used where none is named; only a simulated one." },
    },
  },
];

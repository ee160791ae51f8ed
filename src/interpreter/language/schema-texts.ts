import { type KeyPlace, LITERAL, mapOf, type Place, recordOf, type RecordPlace, scalarOf, TEXT, TEXT_OR_TEXTS } from "./schema-place.ts";
import { VERSION } from "./schema-runbook.ts";

const TEXTS: Place = mapOf(TEXT);

function translated(place: Place, what: string): KeyPlace {
  return { place, description: `Translation of ${what}.` };
}

/** A runbook's texts in another language (language.md section 2). Where the original is a list, a list. */
export const TEXTS_RECORDS: readonly RecordPlace[] = [
  {
    name: "texts",
    title: "a translation",
    keys: {
      texts: { place: VERSION, required: true, description: "Version of the language." },
      language: { place: scalarOf("language", "none"), required: true, description: "The language of these texts.", examples: ["ja"] },
      of: { place: LITERAL, required: true, description: "The runbook, relative to this file." },
      title: translated(TEXT, "the runbook's title"),
      description: translated(TEXT, "the runbook's description"),
      inputs: translated(TEXTS, "the descriptions of inputs, by name"),
      steps: translated(mapOf(recordOf("step-texts")), "the texts of steps, by id"),
      probes: translated(TEXTS, "the titles of probes, by name"),
      invariants: translated(TEXTS, "the reasons of invariants, by id"),
    },
  },
  {
    name: "step-texts",
    title: "a step's texts",
    keys: {
      title: translated(TEXT, "`title`"),
      why: translated(TEXT, "`why`"),
      irreversible: translated(TEXT, "`irreversible`"),
      because: translated(TEXT_OR_TEXTS, "`because`; of several, in their order"),
      question: translated(TEXT, "`question`"),
      instructions: translated(TEXT, "`instructions`"),
      show: translated(TEXT_OR_TEXTS, "`show`"),
    },
  },
];

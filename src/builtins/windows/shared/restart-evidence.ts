import type { ActionCall, ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { parseReading, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { dwordOf, parseRegistryQuery, registryTree, registryValue, type RegistryKey } from "../../../formats/registry-query.ts";

/** A place in the registry that tells that Windows waits for a restart (domain page, 3.5, from memory). */
interface Evidence {
  /** The name of the reading. */
  readonly reading: string;
  readonly title: string;
  readonly declaration: ActionDeclaration<unknown>;
  /** The command that shows it, for a person. */
  readonly shownBy: string;
  /** True where the keys that were found say so. */
  readonly says: (keys: readonly RegistryKey[]) => boolean;
}

function byTree(reading: string, title: string, path: string): Evidence {
  return {
    reading,
    title,
    declaration: { effect: "reads", title: `Read whether ${title}`, make: () => registryTree(path) },
    shownBy: `reg.exe query "${path}"`,
    says: (keys) => keys.length > 0,
  };
}

function byValue(reading: string, title: string, path: string, name: string, holds: (text: string) => boolean): Evidence {
  return {
    reading,
    title,
    declaration: { effect: "reads", title: `Read whether ${title}`, make: () => registryValue(path, name) },
    shownBy: `reg.exe query "${path}" /v ${name}`,
    says: (keys) => {
      const value = keys.map(({ values }) => values.get(name.toLowerCase())).find((text) => text !== undefined);
      return value !== undefined && holds(value);
    },
  };
}

const EVIDENCE: readonly Evidence[] = [
  byTree("component_servicing", "Windows components wait for a restart", "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending"),
  byTree("windows_update", "Windows Update waits for a restart", "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired"),
  byValue("file_renames", "files wait to be replaced at the next start", "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager", "PendingFileRenameOperations", (text) => text.trim() !== ""),
  byValue("update_exe", "an update waits for a restart", "HKLM\\SOFTWARE\\Microsoft\\Updates", "UpdateExeVolatile", (text) => dwordOf(text) !== 0),
];

/** The actions that read whether a restart is pending, by name. */
export const READ_RESTART_EVIDENCE: Readonly<Record<string, ActionDeclaration<unknown>>> = Object.fromEntries(
  EVIDENCE.map(({ reading, declaration }) => [reading, declaration]),
);

/** The readings that belong to {@link READ_RESTART_EVIDENCE}, for a look. */
export const RESTART_EVIDENCE_LOOK: Readonly<Record<string, ActionCall>> = Object.fromEntries(
  EVIDENCE.map(({ reading }) => [reading, { action: reading }]),
);

/** What tells that a restart is pending: a sentence, and the command that shows it. */
export type RestartEvidence = Pick<Evidence, "title" | "shownBy">;

/** All that tells that a restart is pending; empty where nothing does. */
export function restartEvidenceIn(facts: Facts): Reading<readonly RestartEvidence[]> {
  const found: RestartEvidence[] = [];
  for (const { reading, title, shownBy, says } of EVIDENCE) {
    const keys = parseReading(facts, reading, "program", (answer) => parseRegistryQuery(`whether ${title}`, answer));
    if (keys.kind === "error") return keys;
    if (says(keys.value)) found.push({ title, shownBy });
  }
  return ok(found);
}

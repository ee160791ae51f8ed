import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { parseReading, type Reading } from "../../../core/reading.ts";
import { error, ok } from "../../../core/result.ts";
import { parseRegistryQuery, registryValue } from "../../../formats/registry-query.ts";

const SETUP = "HKLM\\SOFTWARE\\Microsoft\\Exchange\\Setup";

/** Reads where Exchange is installed (domain page, 4.4): reading `setup_path`. */
export const READ_EXCHANGE_FOLDER: ActionDeclaration<unknown> = {
  effect: "reads",
  title: "Read where Exchange is installed from the registry",
  make: () => registryValue(SETUP, "MsiInstallPath"),
};

/** The reading `setup_path`: the folder of Exchange, without a backslash at its end. */
export function exchangeFolderIn(facts: Facts): Reading<string> {
  return parseReading(facts, "setup_path", "program", (answer) => {
    const keys = parseRegistryQuery(`\`${SETUP}\``, answer);
    if (keys.kind === "error") return keys;
    const folder = keys.value[0]?.values.get("msiinstallpath")?.trim().replace(/[\\/]+$/, "");
    if (folder === undefined || folder === "") return error({ code: "not_found", because: "Exchange is not installed on this node: the registry does not say where" });
    return ok(folder);
  });
}

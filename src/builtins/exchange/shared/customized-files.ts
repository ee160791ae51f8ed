import { sha256 } from "../../../core/digest.ts";
import { canonicalJson } from "../../../core/json.ts";

/** The script that setup runs before and after it patches, from service pack 2 on (domain page, 4.6; T15). Relative to Exchange's folder, as all names here. */
export const HOOK_SCRIPT = "Scripts\\Customization\\CustomPatchInstallerActions.ps1";
/** Its mandatory sections: where one is missing, setup ignores the whole file (domain page, 4.6). */
export const HOOK_SECTIONS = ["PrePatchInstallActions", "PostPatchInstallActions", "PatchRollbackActions"] as const;

/** Files of Outlook Web Access that are changed by hand most often: logon pages and forms (from memory). A clustered mailbox server has no Client Access role: where one of them lies there, somebody put it there. */
export const OWA_FILES: readonly string[] = [
  "ClientAccess\\Owa\\auth\\logon.aspx",
  "ClientAccess\\Owa\\auth\\logoff.aspx",
  "ClientAccess\\Owa\\auth\\error.aspx",
  "ClientAccess\\Owa\\web.config",
  "ClientAccess\\Owa\\forms\\Customization\\registry.xml",
  "ClientAccess\\Owa\\forms\\Customization\\UIExtensions.xml",
];

/** A file that lies below Exchange's folder. */
export interface CustomizedFile {
  /** Relative to Exchange's folder. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The same for two nodes with the same files, wherever Exchange is installed. */
export function fingerprintOf(files: readonly CustomizedFile[]): string {
  return sha256(canonicalJson(files.map(({ name, sha256: hash }) => [name.toLowerCase(), hash]).toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1))));
}

/** The sections that the lines of a hook script name; a line that is a comment names none. */
export function sectionsIn(lines: string): readonly string[] {
  const code = lines.split(/\r?\n/).filter((line) => !line.trimStart().startsWith("#")).join("\n").toLowerCase();
  return HOOK_SECTIONS.filter((section) => code.includes(section.toLowerCase()));
}

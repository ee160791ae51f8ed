import type { ActionCall, ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { allRead, parseReading, unreadable, type Reading } from "../../../core/reading.ts";
import { error, ok } from "../../../core/result.ts";
import { compareVersions } from "../../../core/version.ts";
import { oneRecord, textField } from "../../../formats/cmdlet-record.ts";
import { buildInPatchName, parseBuild } from "../../../formats/exchange-version.ts";
import { excerpt } from "../../../formats/excerpt.ts";
import { unpackGuid } from "../../../formats/packed-guid.ts";
import { dwordOf, parseRegistryQuery, registryTree, registryValue, type RegistryKey } from "../../../formats/registry-query.ts";
import { exchangeFolderIn, READ_EXCHANGE_FOLDER } from "./exchange-folder.ts";

/** The product's key: the packed form of {24B2C164-DE66-44FE-B468-A46D9D5E6B31}, the same for every Exchange 2007 (domain page, 4.4). */
const PRODUCT = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\Products\\461C2B4266EDEF444B864AD6D9E5B613";
/** Where Windows Installer lists the patches of Exchange. */
export const PATCHES_KEY = `${PRODUCT}\\Patches`;

/** `State` of a patch: only 1 is in force (domain page, 4.4; the numbers are from memory). */
const PATCH_STATES: ReadonlyMap<number, Patch["state"]> = new Map([[1, "applied"], [2, "superseded"], [4, "obsolete"]]);

/** A patch that Windows Installer knows: a rollup, or an interim update. */
export interface Patch {
  readonly displayName: string;
  /** The build at the end of its name; undefined where it ends in none. */
  readonly build: string | undefined;
  readonly state: "applied" | "superseded" | "obsolete" | "unknown";
  /** As the registry has it, `yyyymmdd`; undefined where it has none. */
  readonly installed: string | undefined;
  /** The patch code, in braces; undefined where its key is no packed code. */
  readonly code: string | undefined;
  /** What `Uninstallable` says (from memory; domain page, 4.7 and 4.8, `AllowRemoval`); undefined where it says nothing. */
  readonly removable: boolean | undefined;
}

/** What the registry says: the first witness. */
export interface RegistryLevel {
  readonly build: string;
  /** The base of the service pack. */
  readonly base: string;
  /** The rollup in force; undefined on the base of the service pack. */
  readonly rollup: Patch | undefined;
  readonly patches: readonly Patch[];
}

/** Both witnesses (domain page, 4.4). */
export interface RollupLevel extends RegistryLevel {
  /** The version of `ExSetup.exe`: the second witness. */
  readonly fileBuild: string;
  /** The lower of both: what can be relied on. */
  readonly lower: string;
  readonly agree: boolean;
  /** The commands that show both witnesses, the registry first. */
  readonly shownBy: readonly string[];
}

/** The readings of both witnesses: `patches`, `install_properties`, `setup_path`, and `exsetup`, whose path the third one gives. */
export const levelActions = {
  read_patches: { effect: "reads", title: "Read the patches of Exchange from the registry", make: () => registryTree(PATCHES_KEY) },
  read_install_properties: { effect: "reads", title: "Read the installed version of Exchange from the registry", make: () => registryValue(`${PRODUCT}\\InstallProperties`, "DisplayVersion") },
  read_setup_path: READ_EXCHANGE_FOLDER,
  read_exsetup: {
    effect: "reads",
    title: "Read the version of ExSetup.exe",
    fills: { path: "the path of ExSetup.exe" },
    make: (_inputs, fill) => ({ kind: "cmdlet", name: "Get-Item", parameters: { LiteralPath: fill["path"] ?? "" }, properties: ["FullName", "Length", "VersionInfo.FileVersion"] }),
  },
} as const satisfies Readonly<Record<string, ActionDeclaration<unknown>>>;

/** The look at the registry alone. */
export const REGISTRY_LOOK: Readonly<Record<string, ActionCall>> = { patches: { action: "read_patches" }, install_properties: { action: "read_install_properties" } };

/** The look at both witnesses: the file as soon as its path is known. */
export function lookAtLevel(facts: Facts): Readonly<Record<string, ActionCall>> {
  const path = setupPathIn(facts);
  const registry = { ...REGISTRY_LOOK, setup_path: { action: "read_setup_path" } };
  return path.kind === "error" ? registry : { ...registry, exsetup: { action: "read_exsetup", fill: { path: path.value } } };
}

function keysIn(facts: Facts, reading: string, what: string): Reading<readonly RegistryKey[]> {
  return parseReading(facts, reading, "program", (answer) => parseRegistryQuery(what, answer));
}

function setupPathIn(facts: Facts): Reading<string> {
  const folder = exchangeFolderIn(facts);
  return folder.kind === "error" ? folder : ok(`${folder.value}\\Bin\\ExSetup.exe`);
}

function parsePatches(keys: readonly RegistryKey[]): Reading<readonly Patch[]> {
  const patches: Patch[] = [];
  for (const { path, values } of keys) {
    const displayName = values.get("displayname")?.trim();
    if (displayName === undefined || displayName === "") continue;
    const state = PATCH_STATES.get(dwordOf(values.get("state")) ?? 0) ?? "unknown";
    const build = buildInPatchName(displayName);
    if (build === undefined && state === "applied" && isRollup(displayName)) return unreadable("the patches of Exchange", `the name of the applied rollup \`${excerpt(displayName)}\` ends in no build`);
    const uninstallable = dwordOf(values.get("uninstallable"));
    const code = unpackGuid(path.slice(path.lastIndexOf("\\") + 1));
    patches.push({ displayName, build, state, installed: values.get("installed"), code, removable: uninstallable === undefined ? undefined : uninstallable !== 0 });
  }
  return ok(patches);
}

/** True if a patch is an update rollup by its name, not an interim update. */
export function isRollup(displayName: string): boolean {
  return /^update rollup\b/i.test(displayName);
}

/** The first witness: the highest build of an applied rollup, else the version of the product itself. */
export function registryLevelIn(facts: Facts): Reading<RegistryLevel> {
  const seen = allRead({ properties: keysIn(facts, "install_properties", "the version of Exchange"), keys: keysIn(facts, "patches", "the patches of Exchange") });
  if (seen.kind === "error") return seen;
  const shown = seen.value.properties[0]?.values.get("displayversion");
  if (shown === undefined) return error({ code: "not_found", because: "Exchange 2007 is not installed on this node: Windows Installer does not know it" });
  const base = parseBuild(shown);
  if (base === undefined) return unreadable("the version of Exchange", `\`DisplayVersion\` is \`${excerpt(shown)}\`, expected \`8.1.240.6\``);
  const patches = parsePatches(seen.value.keys);
  if (patches.kind === "error") return patches;
  let rollup: Patch | undefined;
  for (const patch of patches.value) {
    if (patch.state !== "applied" || patch.build === undefined || !isRollup(patch.displayName)) continue;
    if (compareVersions(patch.build, rollup?.build ?? base) > 0) rollup = patch;
  }
  return ok({ build: rollup?.build ?? base, base, rollup, patches: patches.value });
}

/** Both witnesses. */
export function levelIn(facts: Facts): Reading<RollupLevel> {
  const path = setupPathIn(facts);
  if (path.kind === "error") return path;
  const file = parseReading(facts, "exsetup", "cmdlet", (answer) => {
    const record = oneRecord(`\`${excerpt(path.value)}\``, answer);
    if (record.kind === "error") return record;
    const text = textField(record.value, "VersionInfo.FileVersion") ?? "";
    const build = parseBuild(text);
    return build === undefined ? unreadable("the version of ExSetup.exe", `it is \`${excerpt(text)}\`, expected \`08.01.0263.001\``) : ok(build);
  });
  const seen = allRead({ registry: registryLevelIn(facts), file });
  if (seen.kind === "error") return seen;
  const { registry, file: fileBuild } = seen.value;
  const order = compareVersions(registry.build, fileBuild);
  return ok({ ...registry, fileBuild, lower: order <= 0 ? registry.build : fileBuild, agree: order === 0, shownBy: [`reg.exe query ${PATCHES_KEY} /s`, `(Get-Item '${path.value}').VersionInfo.FileVersion`] });
}

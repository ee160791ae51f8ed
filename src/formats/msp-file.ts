import type { PatchReading } from "../core/patch.ts";
import { error, ok } from "../core/result.ts";
import { compareVersions } from "../core/version.ts";
import { readCompoundFile, type CompoundStorage } from "./compound-file.ts";
import { buildInPatchName, parseBuild } from "./exchange-version.ts";
import { textRows } from "./msi-tables.ts";
import { readSignature } from "./msp-signature.ts";
import { patchSummary } from "./msp-summary.ts";
import { readTransforms } from "./msp-transforms.ts";

/** Classes of the root storage: what Windows Installer takes the file for. */
const PATCH_CLASS = "{000C1086-0000-0000-C000-000000000046}";
const OTHER_CLASSES: Readonly<Record<string, string>> = {
  "{000C1084-0000-0000-C000-000000000046}": "an installation package (.msi), which installs a product and updates none",
  "{000C1082-0000-0000-C000-000000000046}": "a transform (.mst), which only goes with an installation package",
};

const KB_NUMBER = /\bKB ?(\d{6,7})\b/i;
const LONGEST_TEXT = 500;

/** A property of the table `MsiPatchMetadata`: columns company, property, value (domain page, 4.8). */
function metadata(root: CompoundStorage, name: string): string | undefined {
  return textRows(root, "MsiPatchMetadata", { texts: 3, rest: 0 }).find(([, property]) => property === name)?.[2];
}

/** The highest place in a sequence of patches: table `MsiPatchSequence`, columns family, product, sequence, attributes. */
function sequence(root: CompoundStorage): string | undefined {
  const builds = textRows(root, "MsiPatchSequence", { texts: 3, rest: 4 }).map(([, , build = ""]) => parseBuild(build)).filter((build) => build !== undefined);
  return builds.toSorted(compareVersions).at(-1);
}

/**
 * Reads a file as a Windows Installer patch, without Windows. Refuses with `not_compound`, `truncated`, `damaged` or `not_a_patch`. Time and
 * memory are bounded by a small multiple of the file, whatever its bytes.
 */
export function parsePatchFile(file: Uint8Array): PatchReading {
  const root = readCompoundFile(file);
  if (root.kind === "error") return root;
  const { classId } = root.value;
  if (classId !== PATCH_CLASS) {
    const what = OTHER_CLASSES[classId] ?? `an OLE file of another program (class ${classId})`;
    return error({ code: "not_a_patch", because: `the file is no Windows Installer patch, it is ${what}. Name the file that ends in .msp` });
  }
  const summary = patchSummary(root.value);
  if (summary.kind === "error") return summary;
  const { transforms, subject, ...codes } = summary.value;
  const displayName = metadata(root.value, "DisplayName")?.slice(0, LONGEST_TEXT);
  return ok({
    ...codes,
    ...readTransforms(root.value, transforms),
    subject: subject.slice(0, LONGEST_TEXT),
    displayName,
    kb: KB_NUMBER.exec(displayName ?? "")?.[1] ?? KB_NUMBER.exec(subject)?.[1],
    build: sequence(root.value) ?? (displayName === undefined ? undefined : buildInPatchName(displayName)),
    signature: readSignature(root.value),
  });
}

import type { Failure } from "../core/failure.ts";
import { ok, type Result } from "../core/result.ts";
import { damaged } from "./compound-file-check.ts";
import type { CompoundStorage } from "./compound-file.ts";
import { parsePropertySet, textProperty, type PropertySet } from "./property-set.ts";

/** The stream that holds the summary of a storage (domain page, 4.8). */
const SUMMARY = "\u0005SummaryInformation";
/** Numbers of the properties (domain page, 4.8; from memory). */
const SUBJECT = 3;
const TEMPLATE = 7;
const LAST_SAVED_BY = 8;
const REVISION_NUMBER = 9;
const WORD_COUNT = 15;

const CODE = /\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}/g;
/** The Windows Installer that a word count asks for (domain page, 4.8). */
const INSTALLERS: Readonly<Record<number, string>> = { 3: "2.0", 4: "3.0" };
/** More codes, or more transforms, than any patch has. */
const MOST_NAMES = 1_000;

/** The summary of a patch. */
export interface PatchSummary {
  readonly subject: string;
  readonly productCodes: readonly string[];
  readonly patchCode: string;
  readonly replaces: readonly string[];
  /** Names of the storages that hold its transforms, in order. */
  readonly transforms: readonly string[];
  readonly minimumInstaller: string | undefined;
}

/** Codes in a text, `{GUID}` in upper case, each once, in the order in which they stand. */
function codesIn(text: string): readonly string[] {
  return [...new Set(text.toUpperCase().match(CODE))].slice(0, MOST_NAMES);
}

/** The summary of a storage; undefined where it has none that can be read. */
function summaryOf(storage: CompoundStorage): PropertySet | undefined {
  const stream = storage.streams[SUMMARY];
  return stream === undefined ? undefined : parsePropertySet(stream.content);
}

/** What a transform's summary says: whose versions it leads from and to, and for which platform. */
export interface TransformSummary {
  /** `{old}old-version;{new}new-version;{upgrade}`. */
  readonly revision: string;
  /** `x64;1033`: platform and languages. */
  readonly template: string;
}

/** The summary of a transform of a patch; undefined where it is not there or cannot be read. */
export function transformSummary(patch: CompoundStorage, name: string): TransformSummary | undefined {
  const storage = patch.storages[name];
  const properties = storage === undefined ? undefined : summaryOf(storage);
  return properties === undefined ? undefined : { revision: textProperty(properties, REVISION_NUMBER), template: textProperty(properties, TEMPLATE) };
}

/** The summary of a patch. One that cannot be read, or names neither patch nor product, is a damage: Windows Installer needs both. */
export function patchSummary(patch: CompoundStorage): Result<PatchSummary, Failure> {
  const properties = summaryOf(patch);
  if (properties === undefined) return damaged("its summary cannot be read");
  const [patchCode, ...replaces] = codesIn(textProperty(properties, REVISION_NUMBER));
  const productCodes = codesIn(textProperty(properties, TEMPLATE));
  if (patchCode === undefined) return damaged("its summary names no code of the patch");
  if (productCodes.length === 0) return damaged("its summary names no product that it is for");
  const words = properties.get(WORD_COUNT);
  return ok({
    subject: textProperty(properties, SUBJECT),
    productCodes,
    patchCode,
    replaces,
    transforms: textProperty(properties, LAST_SAVED_BY).split(";").filter((name) => name !== "").slice(0, MOST_NAMES).map((name) => name.replace(/^:/, "")),
    minimumInstaller: typeof words === "number" ? INSTALLERS[words] : undefined,
  });
}

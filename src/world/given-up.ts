import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type Json } from "../core/json.ts";
import { systemCode } from "./file-fault.ts";
import { syncFolder } from "./sync-folder.ts";

/** Who gave a run up of which its journal cannot tell it, and when, by the clock of that machine; "" where that cannot be read any more. */
export interface GivenUp {
  readonly account: string;
  readonly host: string;
  readonly at: string;
}

const FILE = "given-up.json";

/** Keeps beside the journal of a run, which cannot be gone on with, that it was given up; durable when it returns. Throws the system's error. */
export function keepGivenUp(folder: string, givenUp: GivenUp): void {
  writeFileSync(join(folder, FILE), JSON.stringify({ v: 1, ...givenUp }), { mode: 0o600, flush: true });
  syncFolder(folder);
}

/** Who gave a run up beside its journal; undefined where nobody did. */
export function givenUpIn(folder: string): GivenUp | undefined {
  let kept: Json;
  try {
    kept = JSON.parse(readFileSync(join(folder, FILE), "utf8")) as Json;
  } catch (fault) {
    if (systemCode(fault) === "ENOENT") return undefined;
    if (!(fault instanceof SyntaxError) && systemCode(fault) === undefined) throw fault;
    kept = {};
  }
  const said = isJsonObject(kept) ? kept : {};
  const textOf = (key: string): string => (typeof said[key] === "string" ? said[key] : "");
  return { account: textOf("account"), host: textOf("host"), at: textOf("at") };
}

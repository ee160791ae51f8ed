import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { main } from "../../src/cli/main.ts";
import { documentSchemas } from "../../src/views/document-schemas.ts";
import { projectWith, TOUCH } from "./project-fixture.ts";
import { stage } from "./stage.ts";

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);

/** What is wrong with a printed document by its schema; none where nothing is. */
export function faultsOf(kind: string, text: string): unknown {
  const isValid = ajv.compile(documentSchemas()[kind] ?? false);
  isValid(JSON.parse(text));
  return isValid.errors ?? [];
}

/** Asks before it makes the file, so that without a terminal it waits. */
const ASKING = TOUCH.replace("name: touch_file", "name: ask_first").replace("steps:", "owner: Operations\nreviewed: 2026-11-01\nreferences:\n  - { title: How files are made, published: 2007-11-20 }\nsteps:\n  - { id: approve, title: May it be made?, uses: human.approve, with: { question: May the file be made? } }");

/** What a command came to. */
export interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A project with one run, and the ways to look at it. */
export interface RunCase {
  readonly folder: string;
  readonly run: string;
  readonly journal: string;
  runbook(...words: readonly string[]): Promise<Done>;
}

/** A project in which one of its runbooks was run; `ask.yml` waits for an approval. */
export async function caseOf(file: "touch.yml" | "ask.yml"): Promise<RunCase> {
  const folder = projectWith({ "runbook.config.yml": "config: 1\n", "runbooks/touch.yml": TOUCH, "runbooks/ask.yml": ASKING });
  const runbook = async (...words: readonly string[]): Promise<Done> => {
    const { surroundings, out, err } = stage({ workingFolder: folder });
    return { code: await main(words, surroundings), out: out(), err: err() };
  };
  await runbook("run", file, "--set", `file=${folder}/made`, "--yes");
  const [run = ""] = readdirSync(join(folder, ".runbook/runs"));
  return { folder, run, journal: join(folder, ".runbook/runs", run, "journal.jsonl"), runbook };
}

/** Leaves of a journal what stands before the first record that holds a text: as if the runner had died there. */
export function cutBefore(journal: string, text: string): void {
  const lines = readFileSync(journal, "utf8").split("\n");
  const records = lines.findIndex((line) => line.includes(text));
  truncateSync(journal, Buffer.byteLength(`${lines.slice(0, records).join("\n")}\n`));
}

/** Changes one byte of a record, which keeps its length; answers with the byte at which it begins. */
export function changeRecord(journal: string, record: number): number {
  const lines = readFileSync(journal, "utf8").split("\n");
  lines[record] = (lines[record] ?? "").replace(/"(v|journal)":1/, '"$1":2');
  writeFileSync(journal, lines.join("\n"));
  return Buffer.byteLength(`${lines.slice(0, record).join("\n")}\n`);
}

import { renameSync, writeFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { errorWithoutPlace } from "../core/diagnostic.ts";
import type { VerifyDocument } from "../views/documents.ts";
import { jsonLine } from "../views/json.ts";
import { renderMarkdown } from "../views/markdown.ts";
import { renderHtml } from "../views/page-html.ts";
import { reportOf } from "../views/report-of.ts";
import { reportPage } from "../views/report-page.ts";
import { verifyLines } from "../views/verify-text.ts";
import { fileFailure } from "../world/file-fault.ts";
import { valueOf, type CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { note, print, printDocument, refuse, stdoutStyle } from "./print.ts";
import { readRun, type ReadRun } from "./read-run.ts";
import { runCommandLine } from "./typed-again.ts";

/** The formats of a report, with the endings of file names that ask for them. */
const FORMATS: Readonly<Record<string, readonly string[]>> = { markdown: [".md", ".markdown"], json: [".json"], html: [".html", ".htm"] };

/** `report RUN`: the evidence of a run, as Markdown, JSON or one HTML page; with `--verify`, whether its journal is as it was written. */
export async function reportCommand(context: CommandContext): Promise<number> {
  const { args } = context;
  const digest = valueOf(args, "digest")?.toLowerCase();
  if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest)) return refuse(context, [errorWithoutPlace("bad-digest", "--digest takes the 64 hexadecimal digits that a report names under “Journal”")]);
  return args.given.has("verify") || digest !== undefined ? verify(context, digest) : write(context);
}

async function write(context: CommandContext): Promise<number> {
  const { args, typed, surroundings } = context;
  const output = valueOf(args, "output");
  const ending = output === undefined ? "" : extname(output).toLowerCase();
  const format = valueOf(args, "format") ?? Object.entries(FORMATS).find(([, endings]) => endings.includes(ending))?.[0] ?? "markdown";
  const read = await readRun(context, args.operands[0] ?? "");
  if (read.kind === "error") return refuse(context, read.error);
  const { damage, run } = read.value;
  if (damage !== undefined) {
    note(context, `${damage}\nNo report is made of it. What stands before it: ${runCommandLine(context, "show", run)}`);
    return EXIT.stopped;
  }
  const text = reportText(read.value, format, typed);
  if (output === undefined) {
    surroundings.stdout.write(text);
    return EXIT.ok;
  }
  const path = resolve(surroundings.workingFolder, output);
  try {
    // Whoever reads the file meanwhile sees the old one or the new one, never half of it.
    writeFileSync(`${path}.part`, text);
    renameSync(`${path}.part`, path);
  } catch (fault) {
    return refuse(context, [errorWithoutPlace("output", `the report cannot be written: ${fileFailure(path, fault).because}`, "--output FILE, in a folder that is there")]);
  }
  note(context, `${path}: the report of ${run} as ${format}, ${Math.ceil(Buffer.byteLength(text) / 1_000)} kB`);
  return EXIT.ok;
}

function reportText({ events, standing, journal }: ReadRun, format: string, typed: string): string {
  const report = reportOf(events, standing, journal);
  switch (format) {
    case "json":
      return `${jsonLine(report)}\n`;
    case "html":
      return renderHtml(reportPage(report, typed));
    default:
      return renderMarkdown(reportPage(report, typed));
  }
}

/** Says whether every record follows from the one before, and which of them has the digest. */
async function verify(context: CommandContext, digest: string | undefined): Promise<number> {
  const { args } = context;
  const format = valueOf(args, "format");
  const ignored = [...(args.values.has("output") ? ["--output"] : []), ...(format !== undefined && format !== "json" ? [`--format ${format}`] : [])];
  if (ignored.length > 0) return refuse(context, [errorWithoutPlace("verify-only", `${ignored.join(" and ")} is for a report, and --verify makes none`, "--verify takes --digest DIGEST and --format json")]);
  let digestOfRecord: number | undefined;
  const read = await readRun(context, args.operands[0] ?? "", (record, chain) => {
    if (chain === digest) digestOfRecord = record;
  });
  if (read.kind === "error") return refuse(context, read.error);
  const { run, journal, cut, cutBytes, standing } = read.value;
  const { damage, neverBegan } = standing === "never began" ? { damage: undefined, neverBegan: read.value.damage } : { damage: read.value.damage, neverBegan: undefined };
  const atEnd = cut === "line" ? `record ${journal.records + 1}, the last, is a whole line and does not follow from the one before: it was changed or damaged` : undefined;
  const wrong = damage ?? atEnd;
  const document: VerifyDocument = {
    v: 1, run, whole: wrong === undefined && neverBegan === undefined && (digest === undefined || digestOfRecord !== undefined), journal, ...(wrong === undefined ? {} : { damage: wrong }), ...(neverBegan === undefined ? {} : { neverBegan }), tornBytes: cutBytes,
    ...(digest === undefined ? {} : { digest }), ...(digestOfRecord === undefined ? {} : { digestOfRecord }),
  };
  if (format === "json") printDocument(context, document);
  else print(context, verifyLines(document, stdoutStyle(context)));
  return document.whole ? EXIT.ok : EXIT.stopped;
}

import type { VerifyDocument } from "./documents.ts";
import { paint, type Style } from "./style.ts";
import { table } from "./table.ts";
import { oneLine, wrapped } from "./terminal-text.ts";

/** What a check of a journal came to: whether it is whole, what is wrong with it, how long it is, and which record has the digest that was asked for. */
export function verifyLines({ run, whole, journal, damage, neverBegan, tornBytes, digest, digestOfRecord }: VerifyDocument, style: Style): readonly string[] {
  const asked = digest === undefined ? [] : wrapped(digestText(digestOfRecord, journal.records), style.columns);
  if (neverBegan !== undefined) return [...wrapped(`There is nothing to check: ${oneLine(neverBegan)}.`, style.columns).map((line) => paint(style, "warn", line)), ...asked];
  const head = damage !== undefined ? `DAMAGED: ${oneLine(damage)}` : whole ? `The journal of ${oneLine(run)} is whole: each of its records follows from the one before.` : `The journal of ${oneLine(run)} is not the one that this digest is of.`;
  const rows = [
    [damage === undefined ? "records" : "records before it", String(journal.records)],
    [damage === undefined ? "last digest" : "digest of the last of them", journal.chain],
    ...(tornBytes > 0 && damage === undefined ? [["behind them", `${tornBytes} bytes of a record that was not written to its end`]] : []),
  ];
  return [
    ...wrapped(head, style.columns).map((line) => paint(style, whole ? "good" : "bad", line)),
    ...table(rows, style.columns),
    ...asked,
  ];
}

function digestText(record: number | undefined, records: number): string {
  if (record === undefined) return "No record has the digest that was given: the report was made from another journal, or this one was changed since and chained anew.";
  const since = records - record;
  return since === 0 ? "The last record has the digest that was given: nothing was changed, and nothing came since." : `Record ${record} has the digest that was given: nothing up to it was changed; ${since === 1 ? "1 record" : `${since} records`} came since.`;
}

/** What begins a line of a log that `msiexec /l*vx` writes: `MSI (s) (A4:5C) [10:11:12:123]: `. */
const PREFIX = /^MSI \([a-z]\) \([0-9A-F:!]{1,20}\)(?: \[[0-9:]{8,12}\])?:\s*/i;

/** Lines that look like errors in every log, of good installations too: tables that a package does not have (domain page, 4.5). */
const NOISE = /^(?:Note: 1: (?:2262|2235)\b|(?:DEBUG: )?Error (?:2262|2235)\b)/;

/** The sign of the action that failed (domain page, 4.5). */
export const FAILED_ACTION = "Return value 3";
/** The sign of the end; its number is the exit code (domain page, 4.5). */
export const LAST_WORD = "MainEngineThread is returning";

/** How many lines before the failed action are quoted: the error stands there. */
const LINES_BEFORE = 2;
/** The longest line that is quoted, in UTF-16 units. */
const LONGEST_LINE = 160;

function plainLine(line: string): string {
  const text = line.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]+/g, " ").trim().replace(PREFIX, "").trim();
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
}

/**
 * What a log of the Windows Installer, or a part of one, says of a failure: the first action that failed with the lines before it,
 * and the engine's last word; without their prefix, noise left out. Empty where it speaks of no failure. (Domain page, 4.5.)
 */
export function failureInLog(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map(plainLine).filter((line) => line !== "" && !NOISE.test(line));
  const failed = lines.findIndex((line) => line.includes(FAILED_ACTION));
  const around = failed === -1 ? [] : lines.slice(Math.max(0, failed - LINES_BEFORE), failed + 1);
  const last = lines.findLast((line) => line.includes(LAST_WORD) && !/returning 0\b/.test(line));
  return last === undefined || around.includes(last) ? around : [...around, last];
}

import type { StepStatus } from "../core/step-event.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { cut, padded, widthOf } from "./terminal-text.ts";

const ICONS: Readonly<Record<StepStatus, readonly [icon: string, tone: Tone]>> = {
  pending: ["·", "quiet"],
  running: ["▸", "name"],
  waiting: ["▸", "name"],
  ok: ["✓", "good"],
  unchanged: ["✓", "quiet"],
  skipped: ["-", "quiet"],
  failed: ["✗", "bad"],
  unknown: ["?", "bad"],
  interrupted: ["!", "warn"],
  rescued: ["✓", "warn"],
};

/** A status as one letter wide sign, in its tone. */
export function statusIcon(status: StepStatus, style: Style): string {
  const [icon, tone] = ICONS[status];
  return paint(style, tone, icon);
}

/** One row of exactly one line: indented, a sign, a text that is cut where it must be, and something at the right edge. Never wider than the page. */
export function row(style: Style, parts: { readonly indent: number; readonly sign: string; readonly text: string; readonly right?: string; readonly tone?: Tone }): string {
  const lead = " ".repeat(Math.min(parts.indent, style.columns - 8));
  const right = cut(parts.right ?? "", Math.max(0, Math.floor(style.columns / 2)));
  const sign = parts.sign === "" ? "" : `${parts.sign} `;
  const room = style.columns - widthOf(lead) - widthOf(sign) - (right === "" ? 0 : widthOf(right) + 2);
  const text = cut(parts.text, room);
  const painted = parts.tone === undefined ? text : paint(style, parts.tone, text);
  if (right === "") return `${lead}${sign}${painted}`;
  return `${lead}${sign}${painted}${padded("", room - widthOf(text) + 2)}${paint(style, "quiet", right)}`;
}

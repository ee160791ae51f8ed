import { element, type Html } from "./html.ts";
import { cut, widthOf } from "./terminal-text.ts";
import type { Bar, Lane, Timeline } from "./timeline.ts";

const NAMES = 168;
const ROW = 16;
const GAP = 6;
const TOP = 22;
const RIGHT = 70;
/** A letter on a bar is about so wide. */
const LETTER = 6;

/** The drawing of a timeline. It takes its colours from the page's style sheet, by class. */
export function timelineSvg(timeline: Timeline): Html {
  const tops: number[] = [];
  let y = TOP;
  for (const lane of timeline.lanes) {
    tops.push(y);
    y += lane.rows * ROW + GAP;
  }
  const [width, height] = [NAMES + Math.ceil(timeline.width) + RIGHT, y + 4];
  return element("svg", { xmlns: "http://www.w3.org/2000/svg", class: "timeline", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-labelledby": "timeline-title timeline-desc" },
    element("title", { id: "timeline-title" }, "Timeline"),
    element("desc", { id: "timeline-desc" }, timeline.summary),
    element("text", { class: "hour", x: 0, y: TOP - 8 }, `${timeline.day}, UTC`),
    ...timeline.ticks.flatMap(({ x, label }) => [
      element("line", { class: "tick", x1: NAMES + x, x2: NAMES + x, y1: TOP - 4, y2: y }),
      element("text", { class: "hour", x: NAMES + x + 3, y: TOP - 8 }, label),
    ]),
    ...timeline.lanes.flatMap((lane, index) => laneParts(lane, tops[index] ?? 0, timeline.width)),
    ...timeline.breaks.flatMap(({ x, width: wide, label }) => [
      element("rect", { class: "break", x: NAMES + x, y: TOP - 18, width: wide, height: y - TOP + 18 }, element("title", {}, label === "" ? "nobody ran it" : `nobody ran it for ${label}`)),
      element("text", { class: "hour", x: NAMES + x + wide / 2, y: TOP - 8, "text-anchor": "middle" }, label),
    ]),
    ...timeline.bands.map(({ x, width: wide, title }) => element("rect", { class: "outage", x: NAMES + x, y: TOP, width: wide, height: y - TOP }, element("title", {}, title))),
  );
}

function laneParts({ name, rows, bars }: Lane, top: number, width: number): readonly Html[] {
  return [
    element("text", { class: "lane", x: 0, y: top + ROW - 4 }, cut(name, Math.floor(NAMES / LETTER) - 2)),
    element("line", { class: "base", x1: NAMES, x2: NAMES + width, y1: top + rows * ROW + GAP / 2, y2: top + rows * ROW + GAP / 2 }),
    ...bars.map((bar) => barPart(bar, top)),
  ];
}

function barPart({ x, width, row, kind, title, label }: Bar, top: number): Html {
  const y = top + row * ROW;
  const shown = label === "" || width < 4 * LETTER ? "" : cut(label, Math.floor((width - 8) / LETTER));
  return element("g", { class: `bar ${kind}` },
    element("title", {}, title),
    element("rect", { x: NAMES + x, y, width, height: ROW - 2, rx: Math.min(2, width / 2) }),
    ...(widthOf(shown) < 4 ? [] : [element("text", { x: NAMES + x + 4, y: y + ROW - 5 }, shown)]),
  );
}

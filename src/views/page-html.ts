import { assertNever } from "../core/assert-never.ts";
import { sha256 } from "../core/digest.ts";
import { element, htmlDocument, type Html } from "./html.ts";
import type { Block, Cell, Line, Page } from "./page-block.ts";
import { PAGE_CSS } from "./page-css.ts";
import { oneLine, safeLines } from "./terminal-text.ts";
import { timelineSvg } from "./timeline-svg.ts";
import type { BarKind } from "./timeline.ts";

/** Nothing may be loaded, run, sent or framed in; of styles only the sheet of the page itself is taken, by its hash. */
function policy(): string {
  return `default-src 'none'; style-src 'sha256-${Buffer.from(sha256(PAGE_CSS), "hex").toString("base64")}'; base-uri 'none'; form-action 'none'`;
}

/** What the colours of a timeline stand for, in words. */
const KEY: readonly (readonly [kind: BarKind, means: string])[] = [["acts", "a step that may change something"], ["reads", "a step that only looks"], ["bad", "failed, or not known how it ended"], ["asks", "a question"], ["up", "up"], ["down", "down"], ["unknown", "could not be read"]];

/** A page as one HTML file that needs nothing else. */
export function renderHtml({ title, blocks }: Page): string {
  const head = [
    element("meta", { "http-equiv": "Content-Security-Policy", content: policy() }),
    element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    element("meta", { name: "referrer", content: "no-referrer" }),
    element("title", {}, oneLine(title)),
  ];
  const headings = blocks.flatMap((block, index) => (block.kind === "heading" && block.level === 2 ? [{ text: block.text, id: idOf(index) }] : []));
  const contents = element("nav", { "aria-label": "Contents" }, element("ul", {}, ...headings.map(({ text, id }) => element("li", {}, element("a", { href: `#${id}` }, text)))));
  const main = element("main", {}, ...blocks.flatMap((block, index) => ["\n", blockPart(block, idOf(index))]), "\n");
  return htmlDocument("en", head, PAGE_CSS, [element("header", {}, element("h1", {}, oneLine(title)), contents), main]);
}

function idOf(index: number): string {
  return `s${index}`;
}

function blockPart(block: Block, id: string): Html {
  switch (block.kind) {
    case "heading":
      return element(block.level === 2 ? "h2" : "h3", { id }, oneLine(block.text));
    case "paragraph":
      return element("p", {}, ...lineParts(block.line));
    case "facts":
      return scrolled(block.caption, element("table", { class: "facts" }, element("caption", {}, block.caption), element("tbody", {}, ...block.rows.map(([name, cell]) => element("tr", {}, element("th", { scope: "row" }, oneLine(name)), cellPart(cell))))));
    case "table":
      return scrolled(block.caption, element("table", {},
        element("caption", {}, block.caption),
        element("thead", {}, element("tr", {}, ...block.columns.map((column) => element("th", { scope: "col" }, column)))),
        element("tbody", {}, ...block.rows.map((row) => element("tr", {}, ...row.map(cellPart)))),
      ));
    case "output":
      return element("details", {}, element("summary", {}, oneLine(block.title)), element("pre", {}, safeLines(block.text).join("\n")));
    case "timeline":
      return element("figure", {}, scrolled("Timeline", timelineSvg(block.timeline)), element("ul", { class: "key" }, ...keyOf(block.timeline.lanes.flatMap(({ bars }) => bars.map(({ kind }) => kind))), ...(block.timeline.bands.length === 0 ? [] : [element("li", {}, "dashed red: an outage")])));
    default:
      return assertNever(block);
  }
}

function keyOf(kinds: readonly BarKind[]): readonly Html[] {
  const used = new Set(kinds);
  return KEY.filter(([kind]) => used.has(kind)).map(([kind, means]) => element("li", {}, element("svg", { viewBox: "0 0 10 10", "aria-hidden": "true", class: kind }, element("rect", { width: 10, height: 10 })), means));
}

/** What may be wider than the page is scrolled by itself, with the keyboard too. */
function scrolled(label: string, content: Html): Html {
  return element("div", { class: "scroll", role: "region", "aria-label": label, tabindex: 0 }, content);
}

function cellPart(cell: Cell): Html {
  const [only, ...others] = cell;
  if (only === undefined) return element("td", {});
  return others.length === 0 ? element("td", {}, ...lineParts(only)) : element("td", {}, ...cell.map((line) => element("div", {}, ...lineParts(line))));
}

function lineParts(line: Line): readonly (Html | string)[] {
  return line.map(({ text, as, tone }) => {
    const shown = oneLine(text);
    if (as === "code") return element("code", {}, shown);
    if (as === "time") return element("span", { class: "time" }, shown);
    return tone === undefined ? shown : element("span", { class: tone }, shown);
  });
}

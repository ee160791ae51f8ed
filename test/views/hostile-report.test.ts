import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { parse, type DefaultTreeAdapterMap } from "parse5";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import { renderMarkdown } from "../../src/views/markdown.ts";
import { renderHtml } from "../../src/views/page-html.ts";
import type { Page } from "../../src/views/page-block.ts";
import { reportOf } from "../../src/views/report-of.ts";
import { reportPage } from "../../src/views/report-page.ts";
import { oneLine } from "../../src/views/terminal-text.ts";
import { resumedTwice } from "./evidence-recording.ts";
import { rollup } from "./rollup-recording.ts";

/** Fields of events that hold what others wrote: a file, a person, a program, a machine. */
const FOREIGN: ReadonlySet<string> = new Set([
  "title", "why", "because", "message", "text", "question", "show", "answer", "by", "account", "host", "reason", "operator", "tool", "command", "does", "origin", "value", "target", "code", "cause", "uses", "system",
  "runbook", "file", "owner", "reviewed", "published", "note", "condition", "program", "args", "job", "from", "to_path", "Identity", "MoveComment", "build", "build_before",
]);
/** Fields that hold the path of a step, of which the key of an item is a foreign part. */
const PATHS: ReadonlySet<string> = new Set(["step", "parent", "again", "passedOver", "owed"]);

/** The events with one foreign text wherever a foreign text can stand. */
function withForeign(events: readonly Event[], foreign: string): readonly Event[] {
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return FOREIGN.has(key) ? foreign : PATHS.has(key) ? `${value}[${foreign}]` : value;
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, name)]));
  };
  return walk(events, "") as readonly Event[];
}

function pageWith(foreign: string): Page {
  const events = [...withForeign(rollup(), foreign), ...withForeign(resumedTwice(), foreign).filter(({ type }) => type === "run-resumed")];
  return reportPage(reportOf(events, "succeeded", { records: events.length, chain: "a".repeat(64) }), "runbook");
}

const ATTACKS = [
  "</td></tr></table><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>", "' onmouseover='alert(1)", "</style><style>*{display:none}", "]]><!--", "</pre></details>", "&lt;b&gt;", "&#60;b&#62;",
  "| a | b |", "a\\|b", "`|`", "``` ` ```", "~~~", "```", "# heading", "\n# heading\n", "\n\n| x |\n|---|\n", "- item", "1. item", "> quote", "---", "===", "[link](http://evil.example)", "![x](http://evil.example/p.png)",
  "<http://evil.example>", "http://evil.example", "www.evil.example", "mailto:a@evil.example", "a@evil.example", "[ref]: http://evil.example", "[^1]", "**bold**", "__bold__", "_a_", "~~gone~~", "\\", "\\`", "*", "* * *", "@someone", "#12",
  "$x$", "{{x}}", "\u202Eevil", "\u0000", "\u001B[2J", "\u2028# x", "\uD800", "%", "   x   ", "\t# x",
] as const;

const texts = fc.oneof(
  fc.constantFrom(...ATTACKS),
  fc.array(fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ unit: "binary", maxLength: 6 }), fc.constantFrom(..."\\`*_[]<>|~&$#!@{}()+-.:\"'\n ")), { minLength: 1, maxLength: 8 }).map((parts) => parts.join("")),
).filter((text) => oneLine(text).trim() !== "");

type Node = DefaultTreeAdapterMap["node"];

/** The elements of a page with the names of their attributes. What is written on a bar is left out: as much of it stands there as fits. */
function structureOf(node: Node, isOnBar = false): string {
  if (!("childNodes" in node)) return node.nodeName === "#comment" ? "<!-- -->" : "";
  const name = "tagName" in node ? node.tagName : "";
  if (isOnBar && name === "text") return "";
  const attributes = "attrs" in node ? node.attrs.map((attribute) => attribute.name).join(" ") : "";
  return `<${name} ${attributes}>${node.childNodes.map((child) => structureOf(child, name === "g")).join("")}</>`;
}

function elementsOf(node: Node): readonly DefaultTreeAdapterMap["element"][] {
  const own = "tagName" in node ? [node] : [];
  return "childNodes" in node ? [...own, ...node.childNodes.flatMap(elementsOf)] : own;
}

function textOf(node: Node): string {
  return node.nodeName === "#text" && "value" in node ? node.value : "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}

const markdown = new MarkdownIt({ html: true, linkify: true }).enable(["table", "strikethrough"]);
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true });

/** The tokens of a page, and the text of its title. */
function tokensOf(text: string): { readonly structure: readonly string[]; readonly title: string } {
  const tokens = markdown.parse(text, {});
  const title = tokens.find(({ type }) => type === "inline")?.children ?? [];
  return { structure: tokens.flatMap((token) => [token, ...(token.children ?? [])]).map(({ type, tag }) => `${type} ${tag}`).filter((name) => !name.startsWith("text")), title: title.map(({ content }) => content).join("") };
}

describe("a report of hostile texts", () => {
  const html = structureOf(parse(renderHtml(pageWith("x"))));
  const plain = tokensOf(renderMarkdown(pageWith("x"))).structure;

  test("is, as HTML, the same elements as one of harmless texts", () => {
    fc.assert(fc.property(texts, (text) => {
      const page = renderHtml(pageWith(text));
      const document = parse(page);
      expect(structureOf(document)).toBe(html);
      const heading = elementsOf(document).find(({ tagName }) => tagName === "h1");
      expect(heading === undefined ? "" : textOf(heading)).toBe(oneLine(text));
    }), { numRuns: 100 });
  }, 120_000);

  test("is, as Markdown, the same tables as one of harmless texts", () => {
    fc.assert(fc.property(texts, (text) => {
      const { structure, title } = tokensOf(renderMarkdown(pageWith(text)));
      expect(structure).toEqual(plain);
      expect(title).toBe(oneLine(text).trim());
    }), { numRuns: 100 });
  }, 120_000);

  test("has no script, no style of its own, no address to load from, and no handler", () => {
    const elements = elementsOf(parse(renderHtml(pageWith("</script><script src=//evil.example>"))));
    const attributes = elements.flatMap(({ tagName, attrs }) => attrs.map(({ name, value }) => ({ tagName, name, value })));
    expect(elements.map(({ tagName }) => tagName).filter((name) => ["script", "link", "img", "iframe", "object", "embed", "form", "base"].includes(name))).toEqual([]);
    expect(attributes.filter(({ name }) => name.startsWith("on") || name === "style" || name === "src")).toEqual([]);
    expect(attributes.filter(({ name, value }) => name === "href" && !/^#s\d+$/.test(value))).toEqual([]);
    expect(elements.filter(({ tagName }) => tagName === "style")).toHaveLength(1);
  });

  test("breaks the addresses that GitHub would make links of", () => {
    const page = renderMarkdown(pageWith("see www.evil.example and https://evil.example and a@evil.example"));
    expect(page.replaceAll(/`[^`]*`/g, "")).not.toMatch(/(www\.|[a-z]:\/\/|[a-z]@)evil/);
    expect(page).toContain("www\\.evil.example and https\\://evil.example and a\\@evil.example");
  });
});

describe("the page's own rules", () => {
  test("allow its own style sheet by its hash, and nothing else", async () => {
    const page = renderHtml(pageWith("x"));
    const sheet = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? "";
    const hash = Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(sheet))).toString("base64");
    const policy = elementsOf(parse(page)).flatMap(({ attrs }) => attrs).find(({ value }) => value.startsWith("default-src"))?.value;
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
    expect(sheet).not.toMatch(/url\(|@import/);
  });

  test("name every table, every column and every drawing", () => {
    const elements = elementsOf(parse(renderHtml(pageWith("x"))));
    const tables = elements.filter(({ tagName }) => tagName === "table");
    expect(tables.length).toBeGreaterThan(5);
    for (const table of tables) expect(elementsOf(table).some(({ tagName }) => tagName === "caption")).toBe(true);
    for (const head of elements.filter(({ tagName }) => tagName === "th")) expect(head.attrs.some(({ name }) => name === "scope")).toBe(true);
    const drawing = elements.find(({ tagName, attrs }) => tagName === "svg" && attrs.some(({ name }) => name === "role"));
    expect(drawing === undefined ? [] : elementsOf(drawing).slice(1, 3).map(({ tagName }) => tagName)).toEqual(["title", "desc"]);
    expect(elements.find(({ tagName }) => tagName === "html")?.attrs).toEqual([{ name: "lang", value: "en" }]);
  });
});

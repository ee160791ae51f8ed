/** Text that is HTML already. Only this file makes it from other text. */
export interface Html {
  readonly html: string;
}

/** Values of an element's attributes; undefined leaves one out. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Elements that have no content and no end (HTML Living Standard, 13.1.2). */
const VOID: ReadonlySet<string> = new Set(["meta", "br", "link"]);

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (letter) => ENTITIES[letter] ?? "");
}

/** An element. A child that is a text stands there as that text, whatever it holds. */
export function element(name: string, attributes: Attributes, ...children: readonly (Html | string)[]): Html {
  const open = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escaped(String(value))}"`])).join("");
  if (VOID.has(name)) return { html: `<${name}${open}>` };
  return { html: `<${name}${open}>${children.map((child) => (typeof child === "string" ? escaped(child) : child.html)).join("")}</${name}>` };
}

/** A whole document, with its doctype. `style` is its style sheet, as it is: a text of ours. */
export function htmlDocument(language: string, head: readonly Html[], style: string, body: readonly Html[]): string {
  const sheet: Html = { html: `<style>${style}</style>` };
  const page = element("html", { lang: language }, element("head", {}, element("meta", { charset: "utf-8" }), ...head, sheet), "\n", element("body", {}, ...body.flatMap((part) => ["\n", part]), "\n"));
  return `<!doctype html>\n${page.html}\n`;
}

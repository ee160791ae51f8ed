import { SaxesParser } from "saxes";
import { error, ok, type Result } from "../core/result.ts";
import { excerpt } from "./excerpt.ts";

/** An element of an XML document. Names are as they are written, prefixes included. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

/** Deeper or larger documents are refused: nothing that is read here comes near. */
const DEEPEST = 64;
const MOST_ELEMENTS = 200_000;

/** The root element of an XML document, strictly read; the sentence says what is wrong and where. No entity but XML's own five is known, so no document expands. */
export function parseXml(text: string): Result<XmlElement, string> {
  if (!text.trimStart().startsWith("<")) return error(`it is no XML: ${excerpt(text)}`);
  const parser = new SaxesParser();
  const open: { readonly name: string; readonly attributes: Readonly<Record<string, string>>; readonly children: XmlElement[] }[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  let fault: string | undefined;
  parser.on("error", (found) => {
    fault ??= found.message;
  });
  parser.on("doctype", () => {
    fault ??= "it has a document type, and none is expected";
  });
  parser.on("opentag", ({ name, attributes }) => {
    count += 1;
    if (open.length >= DEEPEST || count > MOST_ELEMENTS) fault ??= "it is too deep or too long";
    if (fault === undefined) open.push({ name, attributes: Object.fromEntries(Object.entries(attributes)), children: [] });
  });
  parser.on("closetag", () => {
    const element = fault === undefined ? open.pop() : undefined;
    if (element === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  });
  parser.write(text).close();
  if (fault !== undefined) return error(fault);
  return root === undefined ? error("it has no element") : ok(root);
}

/** The children of that name, in their order. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The first child of that name; undefined where there is none. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

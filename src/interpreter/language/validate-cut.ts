import { type Diagnostic, errorAt } from "../../core/diagnostic.ts";
import type { MapEntry, Node, ScalarNode } from "./node.ts";

/** True if ` #` follows a plain scalar on its line: what its author may have meant as part of the value is a comment. */
export function commentCutsScalar(node: ScalarNode): boolean {
  if (node.style !== "plain" || node.text === "") return false;
  const { source, end } = node.span;
  const blank = /[ \t]+#/y;
  blank.lastIndex = end;
  return blank.test(source.text);
}

const CONDITIONS: ReadonlySet<string> = new Set(["if", "that", "up", "wait-until", "for-each"]);

/** An expression that a comment cut in the middle of a text or a bracket is not looked at any further: quotes are the cure. */
export function validateCuts(root: Node): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === "list") for (const item of node.items) pending.push(item);
    if (node.kind !== "map") continue;
    for (const entry of node.entries) {
      pending.push(entry.value);
      const diagnostic = cutOf(entry);
      if (diagnostic !== undefined) diagnostics.push(diagnostic);
    }
  }
  return diagnostics;
}

function cutOf({ name, value }: MapEntry): Diagnostic | undefined {
  if (value.kind !== "scalar" || !CONDITIONS.has(name) || !commentCutsScalar(value) || isWhole(value.text)) return undefined;
  const { source, start, end } = value.span;
  const lineEnd = source.text.indexOf("\n", end);
  const written = source.text.slice(start, lineEnd === -1 ? undefined : lineEnd).trimEnd();
  const quoted = written.includes("'") ? written.replaceAll("'", "''") : written;
  return errorAt(value.span, "needs-quotes", `\` #\` begins a comment to YAML and cuts \`${name}\` here`, `quote it: ${name}: '${quoted}'`);
}

/** False where a quote or a bracket is open at the end, or an operator waits for its other side. */
function isWhole(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text[i] ?? "";
    if (unit === '"' || unit === "'") {
      for (i += 1; i < text.length && text[i] !== unit; i += 1) if (text[i] === "\\") i += 1;
      if (i >= text.length) return false;
    } else if ("([{".includes(unit)) depth += 1;
    else if (")]}".includes(unit)) depth -= 1;
  }
  return depth === 0 && !/(?:[=<>!&|+*/%?:,-]|\bin)$/.test(text);
}

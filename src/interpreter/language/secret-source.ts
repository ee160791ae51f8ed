import { errorAt, errorWithoutPlace, type Diagnostic } from "../../core/diagnostic.ts";
import { error, ok, type Result } from "../../core/result.ts";
import type { SecretSource } from "../../core/secret.ts";
import { positionOf } from "../../core/source.ts";
import { resolvePath } from "./load-path.ts";
import { valueAt, type Node } from "./node.ts";

/** How a reference to a secret is written. */
export const REFERENCES = "`from: { env: NAME }`, `from: { file: PATH }` or `from: { command: [PROGRAM, ARGUMENT] }`";

/** What stands under `from`: one key, `env`, `file` or `command`. A relative file, and where a command is run, belong to `folder` (absolute). Undefined where it is none of these. */
export function secretSourceOf(node: Node | undefined, folder: string): SecretSource | undefined {
  if (node?.kind !== "map" || node.entries.length !== 1) return undefined;
  const [env, file, command] = [valueAt(node, "env"), valueAt(node, "file"), valueAt(node, "command")];
  if (env?.kind === "scalar" && env.text !== "") return { kind: "env", name: env.text };
  if (file?.kind === "scalar" && file.text !== "") return { kind: "file", path: resolvePath(folder, file.text) };
  if (command?.kind !== "list" || command.items.length === 0) return undefined;
  const words = command.items.flatMap((item) => (item.kind === "scalar" ? [item.text] : []));
  return words.length < command.items.length ? undefined : { kind: "command", command: words, folder };
}

/**
 * The source that a file gives for a secret by reference, `name: { from: … }`. A value in its place is refused, and the message does
 * not show it: it names the place without the line.
 */
export function secretReference(name: string, node: Node, folder: string, origin: string): Result<SecretSource, Diagnostic> {
  const from = node.kind === "map" && node.entries.length === 1 ? valueAt(node, "from") : undefined;
  if (from?.kind === "map") {
    const source = secretSourceOf(from, folder);
    return source === undefined ? error(errorAt(from.span, "bad-reference", `\`${name}\` is a secret, and this says no source of one (from ${origin})`, `write ${REFERENCES}`)) : ok(source);
  }
  const { source, start } = node.span;
  const { line, column } = positionOf(source, start);
  return error(errorWithoutPlace("secret-in-file", `${source.name}:${line}:${column}: \`${name}\` is a secret, and no file holds the value of one (from ${origin})`, `say where it is kept: \`${name}:\` with ${REFERENCES}`));
}

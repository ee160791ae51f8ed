import { errorWithoutPlace } from "../core/diagnostic.ts";
import { nameHint } from "../core/names.ts";
import { builtinsDocument } from "../views/builtins-document.ts";
import { builtinPage, builtinsLines } from "../views/builtins-text.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { print, printDocument, refuse, stdoutStyle } from "./print.ts";

/** `builtins [NAME] [--json]`: the reference of what steps can use. */
export async function builtinsCommand(context: CommandContext): Promise<number> {
  const registry = await context.loadBuiltins();
  const name = context.args.operands[0];
  const wanted = name === undefined ? undefined : registry.get(name);
  if (name !== undefined && wanted === undefined) return refuse(context, [errorWithoutPlace("unknown-builtin", `there is no builtin \`${name}\``, nameHint(name, registry.keys()))]);
  if (context.args.given.has("json")) printDocument(context, builtinsDocument(wanted === undefined ? registry : new Map([[wanted.name, wanted]])));
  else if (wanted !== undefined) print(context, builtinPage(wanted, stdoutStyle(context)));
  else print(context, [...builtinsLines(registry, stdoutStyle(context)), "", `One page of the reference: ${context.typed} builtins NAME`]);
  return EXIT.ok;
}

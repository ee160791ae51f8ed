import { hasErrors } from "../core/diagnostic.ts";
import { diagnosticDocument, type ValidateDocument } from "../views/documents.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { print, printDiagnostics, printDocument } from "./print.ts";
import { validateFile } from "./validate-file.ts";

/** `validate FILE… [--json]`: 0 where every file is legal, else 2. */
export async function validateCommand(context: CommandContext): Promise<number> {
  const registry = await context.loadBuiltins();
  const files = await Promise.all(context.args.operands.map((operand) => validateFile(operand, context.surroundings.workingFolder, registry)));
  const diagnostics = uniqueOf(files.flatMap((file) => file.diagnostics));
  const isLegal = !hasErrors(diagnostics);
  if (context.args.given.has("json")) {
    const document: ValidateDocument = {
      v: 1,
      legal: isLegal,
      files: files.map(({ file, kind, diagnostics: own }) => ({ file, ...(kind === undefined ? {} : { kind }), legal: !hasErrors(own) })),
      diagnostics: diagnostics.map(diagnosticDocument),
    };
    printDocument(context, document);
  } else {
    printDiagnostics(context, diagnostics);
    print(context, [summary(files.length, files.filter((file) => hasErrors(file.diagnostics)).length, diagnostics.filter(({ severity }) => severity === "error").length)]);
  }
  return isLegal ? EXIT.ok : EXIT.wrong;
}

/** A file that several others call is told of once. */
function uniqueOf<T extends { readonly code: string; readonly message: string; readonly span?: { readonly source: { readonly name: string }; readonly start: number } }>(diagnostics: readonly T[]): readonly T[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify([diagnostic.code, diagnostic.message, diagnostic.span?.source.name, diagnostic.span?.start]), diagnostic])).values()];
}

function summary(files: number, wrong: number, errors: number): string {
  const what = files === 1 ? "1 file" : `${files} files`;
  return errors === 0 ? `${what}: legal` : `${what}: ${wrong} with ${errors === 1 ? "an error" : `${errors} errors`}`;
}

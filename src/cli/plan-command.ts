import type { PlanDocument } from "../views/documents.ts";
import { planLines } from "../views/plan-text.ts";
import { previewLines, previewOf } from "../views/preview.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { prepare } from "./prepare.ts";
import { previewPlan } from "./preview-plan.ts";
import { note, print, printDiagnostics, printDocument, refuse, stdoutStyle } from "./print.ts";
import { openPorts } from "./run-ports.ts";

/** `plan FILE [--json]`: what a run may do, and what today's looks say of it. Nothing is changed, nothing is kept. */
export async function planCommand(context: CommandContext): Promise<number> {
  const prepared = await prepare(context);
  if (prepared.kind === "error") return prepared.error === "left" ? EXIT.cancelled : refuse(context, prepared.error);
  const { plan, warnings } = prepared.value;
  printDiagnostics(context, warnings);
  const ports = await openPorts(context, prepared.value, "p000000000", "preview");
  if (ports.kind === "error") {
    if (!("taken" in ports.error)) return refuse(context, ports.error);
    note(context, ports.error.taken);
    return EXIT.stopped;
  }
  const isDocument = context.args.given.has("json");
  const style = stdoutStyle(context);
  if (!isDocument) print(context, planLines(plan, style));
  try {
    const preview = previewOf(await previewPlan(prepared.value, ports.value, (cancel) => context.surroundings.onStopSignal(cancel)));
    const document: PlanDocument = { v: 1, plan, preview };
    if (isDocument) printDocument(context, document);
    else print(context, ["", ...previewLines(preview, style)]);
    return EXIT.ok;
  } finally {
    ports.value.close();
  }
}

import { ok } from "../core/result.ts";
import type { PlanDocument } from "../views/documents.ts";
import { planLines } from "../views/plan-text.ts";
import { previewLines, previewOf } from "../views/preview.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { prepare } from "./prepare.ts";
import { previewPlan } from "./preview-plan.ts";
import { readSecrets } from "./read-secrets.ts";
import { note, print, printDiagnostics, printDocument, refuse, stdoutStyle } from "./print.ts";
import { openPorts } from "./run-ports.ts";
import { typedAgain } from "./typed-again.ts";

/** `plan FILE [--all] [--queries] [--json]`: what a run may do, and what today's looks say of it. Nothing is changed, nothing is kept. */
export async function planCommand(context: CommandContext): Promise<number> {
  const prepared = await prepare(context);
  if (prepared.kind === "error") return prepared.error === "left" ? EXIT.cancelled : refuse(context, prepared.error);
  const { plan, warnings } = prepared.value;
  printDiagnostics(context, warnings);
  const queries = context.args.given.has("queries") ? "go" : "stop";
  // Only the author's own programs look with a secret.
  const secrets = queries === "go" ? await readSecrets(context, prepared.value.runbook, plan.inputs) : ok(undefined);
  if (secrets.kind === "error") return secrets.error === "left" ? EXIT.cancelled : refuse(context, secrets.error);
  const ports = await openPorts(context, prepared.value, "p000000000", "preview");
  if (ports.kind === "error") {
    if (!("taken" in ports.error)) return refuse(context, ports.error);
    note(context, ports.error.taken);
    return EXIT.stopped;
  }
  const isDocument = context.args.given.has("json");
  const style = stdoutStyle(context);
  const extent = context.args.given.has("all") ? "all" : "short";
  if (!isDocument) print(context, planLines(plan, extent, style));
  try {
    const preview = previewOf(await previewPlan({ prepared: prepared.value, ports: ports.value, secrets: secrets.value, queries }, (cancel) => context.surroundings.onStopSignal(cancel)));
    const document: PlanDocument = { v: 1, plan, preview };
    if (isDocument) printDocument(context, document);
    else {
      print(context, ["", ...previewLines(preview, extent, style)]);
      if (extent === "short") note(context, `Every reading, with its command and what it says today: ${typedAgain(context, "plan")} --all`);
    }
    return EXIT.ok;
  } finally {
    ports.value.close();
  }
}

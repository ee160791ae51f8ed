import type { Plan } from "../core/plan.ts";
import { planSummary } from "../views/plan-text.ts";
import { askYesNo } from "../world/terminal-prompts.ts";
import type { CommandContext } from "./command.ts";
import { pageStyle } from "./page-style.ts";

/** Whether a plan was accepted: by `--yes`, or by a person who saw it in short. `nobody`: there is nobody to ask. */
export async function acceptPlan(context: CommandContext, plan: Plan, stateFolder: string): Promise<"accepted" | "declined" | "left" | "nobody"> {
  const { args, surroundings } = context;
  if (args.given.has("yes")) return "accepted";
  if (!surroundings.canAsk) return "nobody";
  const style = pageStyle(surroundings.stderr, surroundings.env, args);
  surroundings.stderr.write(`${planSummary(plan, stateFolder, style).join("\n")}\n\n`);
  const answer = await askYesNo(plan.simulated ? "Run this plan on the simulated system?" : "Run this plan?");
  if (answer.kind === "left") return "left";
  return answer.value ? "accepted" : "declined";
}

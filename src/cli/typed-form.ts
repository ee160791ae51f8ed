import type { Surroundings } from "./surroundings.ts";

/**
 * How runbook was started, as a person would type it again: `npx --no-install runbook` where npm's `exec` started it (npm sets
 * `npm_command`), else `runbook`.
 */
export function typedForm(env: Surroundings["env"]): string {
  return env["npm_command"] === "exec" ? "npx --no-install runbook" : "runbook";
}

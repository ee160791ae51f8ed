import type { CmdletResult } from "../../../core/action.ts";
import type { Facts } from "../../../core/builtin.ts";
import { parseReading, type Reading } from "../../../core/reading.ts";
import { error } from "../../../core/result.ts";

/** What lets an account use the cmdlets of Exchange on a node (domain page, R5 and R6). */
const RIGHTS = "Give the account the role Exchange Server Administrator, make it a local administrator of both nodes, and log on anew";

/** A reading of a cmdlet of Exchange, parsed. One that is refused for lack of a right says by which command that showed, and what to do (F2). */
export function parseExchangeReading<T>(facts: Facts, name: string, cmdlet: string, parse: (answer: CmdletResult) => Reading<T>): Reading<T> {
  const reading = parseReading(facts, name, "cmdlet", parse);
  if (reading.kind === "ok" || reading.error.code !== "denied") return reading;
  return error({ code: "denied", because: `\`${cmdlet}\` was refused: ${reading.error.because.replace(/\.$/, "")}. ${RIGHTS}` });
}

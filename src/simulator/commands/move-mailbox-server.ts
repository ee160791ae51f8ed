import { startHandoff } from "../rules/handoff.ts";
import { takes } from "../timings.ts";
import { nodeOf, type WorldState } from "../world-state.ts";
import { exchangeRefusal, nameRefusal } from "./exchange-access.ts";
import { isRtm } from "./exchange-servers.ts";
import { moveRefusal } from "./move-refusal.ts";
import { failed, records, textOf, type Begun, type CmdletCommand } from "./command.ts";
import type { CmdletResult } from "../../core/action.ts";

/** `Move-ClusteredMailboxServer` (domain page, 2.3 and 7.3). It waits for the end of the handoff; whoever stops waiting does not stop it. From SP1 on it prompts unless told not to, and then never answers. */
export const MOVE_MAILBOX_SERVER: CmdletCommand = {
  name: "Move-ClusteredMailboxServer",
  changes: true,
  parameters: { Identity: {}, TargetMachine: {}, MoveComment: {}, DomainController: {}, Confirm: { from: "8.1" }, WhatIf: { from: "8.1" }, ValidateOnly: { from: "8.1" }, IgnoreDismounted: { from: "8.1" } },
  begin: (moment, given) => {
    const { state } = moment;
    const place = moment.node?.name ?? "local";
    const takesMs = takes(state, "cmdlet", "Move-ClusteredMailboxServer", place) + takes(state, "move_checks", "Move-ClusteredMailboxServer", place);
    const missing = ["Identity", "TargetMachine", "MoveComment"].filter((name) => textOf(given, name) === "");
    const refusal = missing.length > 0 ? failed("cmdlet_error", `These mandatory parameters are missing: ${missing.join(", ")}.`) : (exchangeRefusal(moment) ?? nameRefusal(state, textOf(given, "Identity")));
    if (refusal !== undefined) return { takesMs, end: () => refusal };
    const looksOnly = textOf(given, "WhatIf") === "true" || textOf(given, "ValidateOnly") === "true";
    if (!looksOnly && !isRtm(state) && textOf(given, "Confirm") !== "false") return { takesMs: Infinity, end: () => ({ kind: "later" }) };
    const target = textOf(given, "TargetMachine");
    const refused = moveRefusal(state, target, textOf(given, "IgnoreDismounted") === "true" ? "ignore-dismounted" : "heed-dismounted");
    if (refused !== undefined) return { takesMs, end: () => refused };
    if (looksOnly) return { takesMs, end: () => records() };
    const number = startHandoff(state, nodeOf(state, target), textOf(given, "MoveComment"), moment.outcome.move ?? {});
    return { takesMs, end: (later) => ended(later, number) };
  },
};

function ended(state: WorldState, number: number): ReturnType<Begun<CmdletResult>["end"]> {
  const { move } = state.mailboxServer;
  if (move?.number === number && move.result === "running") return { kind: "later" };
  if (move?.number === number && move.result === "done") return records();
  return failed("cmdlet_error", `The move of ${state.mailboxServer.name} failed: ${move?.number === number ? move.because : "another move took its place"}.`);
}

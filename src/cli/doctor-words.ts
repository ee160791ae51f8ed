import type { Command } from "./command.ts";
import { APPLYING, DOCUMENT } from "./flags.ts";

/** `doctor`, as the help and the parser see it. */
export const DOCTOR: Command = {
  name: "doctor",
  summary: "Say whether every target of a system can be worked on, and what to do where not",
  usage: "[FILE]",
  operands: { atLeast: 0, atMost: 1 },
  teaches: [
    "With FILE, a runbook: its addresses, with its inputs. Without: the addresses that the inventory names for the system one by one, or this machine where no system is named.",
    "Of every target, all at once: is it reachable, is it the machine that is meant (host key, its own name, no second address of one machine), versions, rights, how its clock differs from this machine's, free space, shell and language.",
    "Nothing is changed: only programs that read are run there. No secret is read.",
    "Exit codes: 0 all is well, or warnings only; 1 something fails; 2 usage; 130 cancelled.",
  ],
  flags: [...APPLYING, { name: "all", takes: "nothing", does: "Show what is well, too" }, ...DOCUMENT],
  examples: [
    { command: "doctor --inventory inventory.yml --system lab", does: "every address that the inventory names" },
    { command: "doctor postgres-rollup.yml --inventory inventory.yml --system lab", does: "the machines that this runbook would work on" },
  ],
  load: async () => (await import("./doctor-command.ts")).doctorCommand,
};

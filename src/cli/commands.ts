import type { Command } from "./command.ts";
import { APPLYING, DOCUMENT, WORLD_PLACE } from "./flags.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: "run",
    summary: "Check a runbook, show its plan, ask once, and run it",
    usage: "FILE",
    operands: { atLeast: 1, atMost: 1 },
    teaches: [
      "FILE is a path; a bare name is also looked for in the project's folder of runbooks.",
      "Every step looks before it acts and looks again afterwards, so a runbook that was stopped can simply be run again: what is done is found done.",
      "--yes accepts the plan. It answers no question of the runbook: those are asked on the terminal, or answered by the people of a simulated system.",
      "Without a terminal and without --yes the plan is printed, nothing is run, and the exit code is 2.",
      "The first Ctrl-C ends the action at hand, looks once, and cleans up; the second one ends at once.",
      "Exit codes: 0 succeeded or nothing to do; 1 stopped or failed; 2 runbook, inputs or usage are wrong; 3 a fault of ours; 5 waiting for a person; 130 cancelled.",
    ],
    flags: [
      ...APPLYING,
      { name: "yes", takes: "nothing", does: "Accept the plan" },
      { name: "step", takes: "nothing", does: "Ask before every change" },
      { name: "json", takes: "nothing", does: "Print one event a line on standard output and nothing else there" },
      { name: "lang", takes: "value", value: "LANG", does: "Show the runbook's texts in this language, where it has a translation" },
      { name: "pace", takes: "value", value: "N", does: "Let a simulated system pass its time at N times real speed (else waiting costs nothing)" },
    ],
    examples: [
      { command: "run ccr-rollup.yml", does: "on the project's simulated system, after one question" },
      { command: "run ccr-rollup.yml --yes --pace 120", does: "two minutes of the system's time pass in a second" },
      { command: "run ccr-rollup.yml --system exclus1 --set kb=945684", does: "another value for one input" },
    ],
    load: async () => (await import("./run-command.ts")).runCommand,
  },
  {
    name: "plan",
    summary: "Show what a run would do, with every command, and change nothing",
    usage: "FILE",
    operands: { atLeast: 1, atMost: 1 },
    teaches: [
      "The plan shows every action that may change something, with its command, and counts what only looks; --all shows that, too. What only a later look can tell stands as ⟨hole⟩.",
      "Then the first looks are made, which only read, and say what would be done today. They go as far as the first change or question.",
    ],
    flags: [
      ...APPLYING,
      { name: "all", takes: "nothing", does: "Show every reading, with its command and what it says today" },
      { name: "queries", takes: "nothing", does: "Let the first looks run programs that only read by their author's word (`run.query`)" },
      { name: "lang", takes: "value", value: "LANG", does: "Show the runbook's texts in this language, where it has a translation" },
      ...DOCUMENT,
    ],
    examples: [
      { command: "plan ccr-rollup.yml", does: "what would happen to the project's simulated system" },
      { command: "plan ccr-rollup.yml --all", does: "the whole plan, for a review" },
    ],
    load: async () => (await import("./plan-command.ts")).planCommand,
  },
  {
    name: "validate",
    summary: "Say whether files are legal, and what is wrong where",
    usage: "FILE…",
    operands: { atLeast: 1, atMost: Number.POSITIVE_INFINITY },
    teaches: ["Takes runbooks, inventories, worlds, translations and configurations; the first key of a file says what it is.", "Opens no connection, runs nothing, reads no secret: it is safe on a stranger's branch."],
    flags: [...DOCUMENT],
    examples: [{ command: "validate runbooks/*.yml", does: "every runbook of the project" }],
    load: async () => (await import("./validate-command.ts")).validateCommand,
  },
  {
    name: "builtins",
    summary: "List what steps can use, or show one page of the reference",
    usage: "[NAME]",
    operands: { atLeast: 0, atMost: 1 },
    teaches: ["A page tells inputs, outputs, every action that the builtin may take, what its guards refuse, and an example to copy."],
    flags: [...DOCUMENT],
    examples: [{ command: "builtins exchange.copy_status", does: "one page" }],
    load: async () => (await import("./builtins-command.ts")).builtinsCommand,
  },
  {
    name: "schema",
    summary: "Print a JSON Schema, for editors and other programs",
    usage: "[KIND]",
    operands: { atLeast: 0, atMost: 1 },
    teaches: ["Without KIND the kinds are listed. In an editor: # yaml-language-server: $schema=../schema/runbook.schema.json"],
    flags: [],
    examples: [{ command: "schema runbook", does: "the schema of a runbook" }],
    load: async () => (await import("./schema-command.ts")).schemaCommand,
  },
  {
    name: "world",
    summary: "Show the simulated system as it stands, or put it back to its start",
    usage: "show | reset",
    operands: { atLeast: 1, atMost: 1 },
    teaches: [
      "A simulated system keeps its state in the state folder: a second run finds what the first one left.",
      "reset puts it back to what its world file says.",
    ],
    flags: [...WORLD_PLACE, { name: "all", takes: "nothing", does: "List every simulated system of the inventory" }, { name: "services", takes: "nothing", does: "Show every service, file and job of the nodes, too" }, ...DOCUMENT],
    examples: [
      { command: "world show", does: "the project's simulated system" },
      { command: "world show --all", does: "every system that can be tried, and what is special about it" },
      { command: "world reset --system scc", does: "another one, back to its start" },
    ],
    load: async () => (await import("./world-command.ts")).worldCommand,
  },
];

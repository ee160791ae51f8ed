import type { Flag } from "./command.ts";

const COLOR: Flag = { name: "color", takes: "value", value: "WHEN", choices: ["auto", "always", "never"], does: "Colours: auto (the default), always or never; NO_COLOR is honoured" };
const HELP: Flag = { name: "help", takes: "nothing", does: "Show this page" };
const JSON_FLAG: Flag = { name: "json", takes: "nothing", does: "Print one JSON document on standard output and nothing else there" };
/** Where runs are kept. */
export const STATE: Flag = { name: "state", takes: "value", value: "DIR", does: "The state folder (else RUNBOOK_STATE, else .runbook/ of the project)" };
const SYSTEM: Flag = { name: "system", takes: "value", value: "NAME", does: "The system of the inventory to work on (else that of runbook.config.yml, if it is simulated)" };
const INVENTORY: Flag = { name: "inventory", takes: "value", value: "FILE", does: "The inventory (else that of runbook.config.yml)" };

/** Flags of every command. */
export const EVERYWHERE: readonly Flag[] = [COLOR, HELP];

/** Flags that say what a runbook is applied to, and with which values. */
export const APPLYING: readonly Flag[] = [
  { name: "set", takes: "values", value: "NAME=VALUE", does: "The value of an input; may be repeated, and is the strongest" },
  { name: "values", takes: "values", value: "FILE", does: "A YAML file with values of inputs, `name: value`" },
  SYSTEM,
  INVENTORY,
  STATE,
];

/** Where a simulated system is found. */
export const WORLD_PLACE: readonly Flag[] = [SYSTEM, INVENTORY, STATE];

/** `--json`, where it is one document. */
export const DOCUMENT: readonly Flag[] = [JSON_FLAG];

import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { parseReading, unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { excerpt } from "../../../formats/excerpt.ts";

/** NetBIOS names, by which a cluster knows its nodes, have at most 15 characters. */
const NETBIOS_LENGTH = 15;

/** Reads which machine the target is: reading `host`. An address may be an alias, so it is no proof. */
export const readHost: ActionDeclaration<unknown> = { effect: "reads", title: "Read the machine's own name", make: () => ({ kind: "program", program: "hostname.exe", args: [] }) };

/** The NetBIOS name of the target, upper case: the reading `host`. */
export function hostIn(facts: Facts): Reading<string> {
  return parseReading(facts, "host", "program", (answer) => {
    const name = answer.stdout.replace(/\r?\n$/, "");
    if (answer.exitCode === 0 && answer.droppedBytes === 0 && /^[A-Za-z0-9_-]{1,63}$/.test(name)) return ok(name.slice(0, NETBIOS_LENGTH).toUpperCase());
    return unreadable("`hostname.exe`", `it ended with ${answer.exitCode} and printed \`${excerpt(answer.stdout)}\``);
  });
}

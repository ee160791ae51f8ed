import type { ProgramAction, ProgramResult } from "../core/action.ts";
import { unreadable, type Reading } from "../core/reading.ts";
import { error, ok } from "../core/result.ts";
import { excerpt } from "./excerpt.ts";

/** A unit of systemd as it stands. */
export interface SystemdUnit {
  /** systemd's own name for it, with its ending: `ssh.service`. */
  readonly name: string;
  /** False where systemd knows no such unit. */
  readonly exists: boolean;
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading`. */
  readonly state: string;
  /** `enabled`, `disabled`, `static`, `masked`, `indirect` …; "" where it has no file. */
  readonly startMode: string;
  /** Another one after each start: a number, or, before systemd 232, when it began to run; "" where it never ran. */
  readonly invocation: string;
  /** How its last run ended: `success`, `exit-code`, `signal`, `timeout` … */
  readonly result: string;
}

const PROPERTIES = ["Id", "LoadState", "ActiveState", "UnitFileState", "InvocationID", "ActiveEnterTimestampMonotonic", "Result"];

/** Asks for units. A name without an ending is that of a service. */
export function systemctlShow(names: readonly string[]): ProgramAction {
  return { kind: "program", program: "systemctl", args: ["show", "--no-pager", `--property=${PROPERTIES.join(",")}`, "--", ...names] };
}

/** The units from what `systemctl show` printed, in the order in which they were asked for: a paragraph each. */
export function parseSystemctlShow(count: number, { exitCode, stdout, stderr }: ProgramResult): Reading<readonly SystemdUnit[]> {
  if (exitCode !== 0) return error({ code: "unreachable", because: `\`systemctl show\` ended with ${exitCode}: ${excerpt(stderr === "" ? stdout : stderr)}` });
  const paragraphs = stdout.trim().split(/\n{2,}/);
  if (paragraphs.length !== count) return unreadable("`systemctl show`", `${count} units were asked for, and ${paragraphs.length} came: ${excerpt(stdout)}`);
  const units = paragraphs.map((paragraph) => new Map(paragraph.split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)])));
  // Text of another kind, or a part of an answer, must not seem to be a unit without a state.
  const torn = units.findIndex((values) => ["Id", "LoadState", "ActiveState"].some((name) => (values.get(name) ?? "") === ""));
  if (torn !== -1 || !stdout.endsWith("\n")) return unreadable("`systemctl show`", excerpt(stdout.trim() === "" ? stderr : (paragraphs[torn] ?? stdout)));
  return ok(units.map((values) => {
    const entered = values.get("ActiveEnterTimestampMonotonic") ?? "0";
    return {
      name: values.get("Id") ?? "", exists: values.get("LoadState") !== "not-found", state: values.get("ActiveState") ?? "", startMode: values.get("UnitFileState") ?? "",
      invocation: values.get("InvocationID") ?? (entered === "0" ? "" : entered), result: values.get("Result") ?? "",
    };
  }));
}

import type { Plan } from "../core/plan.ts";
import { planLines } from "./plan-text.ts";
import { paint, type Style } from "./style.ts";
import { table } from "./table.ts";
import { oneLine, wrapped } from "./terminal-text.ts";

/** A step that a rollback passes, or before which it ends, and why. */
interface Note {
  readonly path: string;
  readonly title: string;
  readonly because: string;
}

/** What is shown of a rollback beside its plan. */
export interface RollbackFacts {
  readonly entries: readonly { readonly path: string; readonly title: string; readonly outcome: "known" | "unknown" }[];
  readonly passed: readonly Note[];
  readonly end?: Note & { readonly mayBeLeft: boolean; readonly isOpen: boolean };
}

/** Where a rollback stands: whether its run has to come to rest first, and the command as it is typed. */
export interface RollbackStanding {
  readonly isAtRest: boolean;
  readonly typed: string;
}

/** A rollback for people, before it is agreed to: what undoes the run with every command, what is settled first, what is passed and why, and where it ends. */
export function rollbackLines(plan: Plan, { entries, passed, end }: RollbackFacts, { isAtRest, typed }: RollbackStanding, style: Style): readonly string[] {
  const open = entries.filter(({ outcome }) => outcome === "unknown").map(({ path }) => oneLine(path));
  const restsFirst = !isAtRest && entries.length === 0 && end?.isOpen === true;
  const rest = restsFirst ? [`The run comes to rest first: how ${oneLine(end.path)} ended is looked at, and what it owes under \`always\` is cleaned up. What is found then says what can be undone.`] : isAtRest || entries.length === 0 ? [] : [`The run comes to rest first: what is in doubt is looked at${open.length === 0 ? "" : ` (${open.join(", ")})`}, and what it owes under \`always\` is cleaned up. What is found then may leave less to be undone.`];
  const sections = [
    entries.length === 0 ? [] : planLines(plan, "short", style),
    rest.flatMap((line) => wrapped(line, style.columns)),
    section("Left as it is", passed.map(({ path, because }) => [oneLine(path), oneLine(because)]), style),
    end === undefined || restsFirst ? [] : [
      paint(style, "warn", `It goes back no further than ${oneLine(end.path)}`),
      ...wrapped(oneLine(`${end.title}: ${end.because}`), style.columns, "  "),
      ...(end.mayBeLeft ? table([[`${typed} --leave ${oneLine(end.path)}`, "leaves it as it is, and undoes what was done before it"]], style.columns) : []),
    ],
    entries.length > 0 || restsFirst ? [] : [end === undefined && passed.length === 0 ? "The run changed nothing: there is nothing to undo." : end === undefined ? "There is nothing to undo." : "Nothing is undone."],
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

function section(title: string, rows: readonly (readonly string[])[], style: Style): readonly string[] {
  return rows.length === 0 ? [] : [paint(style, "strong", title), ...table(rows, style.columns)];
}

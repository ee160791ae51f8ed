import type { ProgramAction, ProgramResult } from "../core/action.ts";
import { unreadable, type Reading } from "../core/reading.ts";
import { error, ok } from "../core/result.ts";
import { excerpt } from "./excerpt.ts";
import { roleOf } from "./pacemaker-cluster.ts";
import { childrenOf, parseXml } from "./xml.ts";

/** A rule that wants a resource on a node, or away from it. */
export interface LocationConstraint {
  readonly id: string;
  readonly resource: string;
  readonly node: string;
  /** `INFINITY`, `-INFINITY` or a number, as it is written. */
  readonly score: string;
  /** `Promoted` where it is about the leading role only; "" else. */
  readonly role: string;
  /** Made by `crm_resource --move` or `--ban`: what `--clear` takes away. */
  readonly byMove: boolean;
}

/** A rule that keeps a resource where another one is. */
export interface ColocationConstraint {
  readonly id: string;
  readonly resource: string;
  readonly with: string;
  /** `Promoted` where it goes with the leading copy. */
  readonly withRole: string;
  readonly score: string;
}

/** The rules about where resources run. */
export interface PacemakerConstraints {
  readonly locations: readonly LocationConstraint[];
  readonly colocations: readonly ColocationConstraint[];
}

/** The call whose answer {@link parseConstraints} reads (`cibadmin(8)`). */
export const CIB_CONSTRAINTS: ProgramAction = { kind: "program", program: "cibadmin", args: ["--query", "--scope", "constraints"] };

/** `cibadmin` where the configuration has no such section (exit code CRM_EX_NOSUCH): there are no rules. */
const NO_SUCH_SECTION = 105;

/** The rules from what `cibadmin` printed. Rules over sets of resources name no single one and are left out. */
export function parseConstraints({ exitCode, stdout, stderr }: ProgramResult): Reading<PacemakerConstraints> {
  if (exitCode === NO_SUCH_SECTION) return ok({ locations: [], colocations: [] });
  if (exitCode !== 0) return error({ code: "unreachable", because: `\`cibadmin\` ended with ${exitCode}: ${excerpt(stderr === "" ? stdout : stderr)}` });
  const parsed = parseXml(stdout);
  if (parsed.kind === "error") return unreadable("`cibadmin`", parsed.error);
  if (parsed.value.name !== "constraints") return unreadable("`cibadmin`", `it answers with \`${parsed.value.name}\`, and \`constraints\` were asked for`);
  return ok({
    locations: childrenOf(parsed.value, "rsc_location").flatMap(({ attributes: { id = "", rsc, node = "", score = "", role } }) => (rsc === undefined ? [] : [{ id, resource: rsc, node, score, role: roleOf(role), byMove: /^cli-(?:prefer|ban)-/.test(id) }])),
    colocations: childrenOf(parsed.value, "rsc_colocation").flatMap(({ attributes: { id = "", rsc, score = "", "with-rsc": other, "with-rsc-role": role } }) => (rsc === undefined || other === undefined ? [] : [{ id, resource: rsc, with: other, withRole: roleOf(role), score }])),
  });
}

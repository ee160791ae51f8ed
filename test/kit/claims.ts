import type { Outage } from "../../src/core/outage.ts";
import { compareVersions } from "../../src/core/version.ts";
import { brokenInvariants } from "../../src/simulator/broken-invariants.ts";
import { patchStateOf } from "../../src/simulator/installer/register-patch.ts";
import { ownerOfMailboxServer } from "../../src/simulator/rules/mailbox-server.ts";
import { nodeOf, type WorldOutage, type WorldState } from "../../src/simulator/world-state.ts";
import type { CcrTrial } from "./ccr-kit.ts";
import { changesOf } from "./changes.ts";
import type { Happened } from "./fault-watch.ts";

const BUILD = "8.1.263.1";
/** A shorter outage can lie between two samples of the probe. */
const SAMPLED_MS = 60_000;

/** Where what a run says at its end is not what the world is: one sentence each, empty where all is true. What befell the world after the last look of all counts for nothing. */
export function falseClaims(trial: CcrTrial, inputs: Readonly<Record<string, string>>, state: WorldState, happened: readonly Happened[]): readonly string[] {
  const { end, events } = trial;
  const lastLookMs = Date.parse(events.findLast((event) => event.type === "step-started" && event.step.endsWith("end_a"))?.at ?? "");
  const later = Number.isNaN(lastLookMs) || happened.some(({ atMs }) => atMs >= lastLookMs);
  const done = end.result === "succeeded" || end.result === "nothing to do";
  return [
    ...(done && !later ? [...wholeEnd(state, happened), ...outputsOf(trial, inputs, state)] : []),
    ...(end.result === "nothing to do" && changesOf(events).length > 0 ? ["nothing to do, and something was changed"] : []),
    ...(done === (end.exitCode === 0) ? [] : [`${end.result} with exit code ${end.exitCode}`]),
    ...(end.because === "" ? ["there is no reason"] : []),
    ...(end.result === "waiting" && events.filter(({ type }) => type === "question-asked").length <= events.filter(({ type }) => type === "question-answered").length ? ["it waits, and no question is open"] : []),
    ...outages(trial, state),
  ];
}

/** I7, I8, I9 and I13; a start type that somebody else changed is not ours to keep. */
function wholeEnd(state: WorldState, happened: readonly Happened[]): readonly string[] {
  const foreign = new Set(happened.flatMap(({ fault }) => (fault.kind === "service" && fault.startMode !== undefined ? [`${fault.name} on ${fault.node}`] : [])));
  return brokenInvariants({ ...state, breaches: [] }, { kind: "succeeded", build: BUILD })
    .filter(({ invariant, because }) => invariant !== "I8" || ![...foreign].some((name) => because.startsWith(name)))
    .map(({ invariant, because }) => `${invariant}: ${because}`);
}

function outputsOf({ end, statuses }: CcrTrial, inputs: Readonly<Record<string, string>>, state: WorldState): readonly string[] {
  const { outputs } = end;
  const nodes = { a: inputs["node_a"] ?? "NODEA", b: inputs["node_b"] ?? "NODEB" };
  const lies: string[] = [];
  const owner = ownerOfMailboxServer(state).name;
  if (outputs["active_node"] !== owner) lies.push(`active_node is ${String(outputs["active_node"])}, and ${owner} owns the mailbox server`);
  for (const [letter, name] of Object.entries(nodes)) {
    const after = outputs[`node_${letter}_after`];
    const { fileBuild } = nodeOf(state, name).exchange;
    if (after !== fileBuild && after !== levelOf(state, name)) lies.push(`node_${letter}_after is ${String(after)}, and the files of ${name} have ${fileBuild}`);
    if (statuses[`update_${letter}`] === "ok" && outputs[`services_of_${letter}_as_before`] !== true) lies.push(`services_of_${letter}_as_before is ${String(outputs[`services_of_${letter}_as_before`])}`);
  }
  return lies;
}

/** The lower of both witnesses. */
export function levelOf(state: WorldState, name: string): string {
  const node = nodeOf(state, name);
  const registered = node.exchange.patches.find((patch) => !patch.interim && patchStateOf(node, patch) === 1)?.build ?? node.exchange.base;
  return compareVersions(registered, node.exchange.fileBuild) <= 0 ? registered : node.exchange.fileBuild;
}

/** Every outage that was told was one, none was longer than its upper bound, and every long one was told unless nobody could be asked. */
function outages({ end, events }: CcrTrial, state: WorldState): readonly string[] {
  const [beganMs, endedMs] = [Date.parse(events[0]?.at ?? ""), Date.parse(end.at)];
  const told = end.outages.filter(({ probe }) => probe === "mailbox");
  const watchedMs = Date.parse(events.find(({ type }) => type === "watch-started")?.at ?? end.at);
  const real = state.outages.filter(({ toMs }) => (toMs ?? endedMs) > beganMs);
  const blind = events.some((event) => event.type === "probe-changed" && event.probe === "mailbox" && event.state === "unknown");
  return [
    ...told.filter((one) => !real.some((outage) => overlap(one, outage, endedMs) >= 0)).map(({ ms, since }) => `an outage of ${ms} ms since ${since} was none`),
    ...told.flatMap((one) => {
      const within = real.filter((outage) => outage.toMs !== undefined && overlap(one, outage, endedMs) > 0);
      const realMs = within.reduce((sum, { fromMs, toMs }) => sum + ((toMs ?? endedMs) - Math.max(fromMs, watchedMs)), 0);
      return !one.open && within.length === 1 && realMs > one.upperMs ? [`an outage since ${one.since} lasted ${realMs} ms, told as at most ${one.upperMs}`] : [];
    }),
    ...real.filter((outage) => !blind && lengthWithin(outage, watchedMs, endedMs) > SAMPLED_MS && !told.some((one) => overlap(one, outage, endedMs) >= 0))
      .map(({ fromMs, toMs }) => `the mailbox server was down from ${new Date(fromMs).toISOString()} to ${toMs === undefined ? "the end" : new Date(toMs).toISOString()}, and nothing was told of it`),
  ];
}

function lengthWithin({ fromMs, toMs }: WorldOutage, sinceMs: number, untilMs: number): number {
  return Math.min(toMs ?? untilMs, untilMs) - Math.max(fromMs, sinceMs);
}

/** How long both last at once; negative where they do not meet. */
function overlap(told: Outage, real: WorldOutage, endedMs: number): number {
  const since = Date.parse(told.since);
  return Math.min(since + told.ms, real.toMs ?? endedMs) - Math.max(since, real.fromMs);
}

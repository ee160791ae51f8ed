import type { EventBody } from "../../core/event.ts";
import type { Outage } from "../../core/outage.ts";
import { emptyObject } from "../../core/json.ts";
import { formatDuration } from "../../core/quantity.ts";
import { timeText } from "../../core/time.ts";
import type { Invariant, Runbook, Scope } from "../../core/runbook.ts";
import { judge } from "../language/expression.ts";
import { renderForPeople } from "../language/template.ts";
import { withoutItems } from "../plan/paths.ts";
import type { Roots } from "../plan/roots.ts";
import type { Branch, Run } from "./context.ts";
import { sampleProbe } from "./sample.ts";
import { settingMs } from "./settings.ts";
import { Signal } from "./signal.ts";
import { WatchedProbe } from "./watched-probe.ts";

/** What the invariants came to. */
export type Held =
  | { readonly kind: "held" }
  | { readonly kind: "broken"; readonly invariant: string; readonly because: string }
  | { readonly kind: "not-known"; readonly because: string };

interface WatchedFile {
  readonly prefix: string;
  readonly roots: Roots;
  readonly probes: readonly WatchedProbe[];
  readonly invariants: readonly Invariant[];
  readonly stop: Signal;
  started: "not-yet" | "started";
}

/** Samples that only change may share: not older than this. */
const SHARED_SAMPLE_MS = 1_000;

/** Probes and invariants of the files that are being run: sampled beside the steps, before every intent and after every disrupting action. */
export class Watch {
  readonly #files: WatchedFile[] = [];
  readonly #outages: Outage[] = [];
  readonly #broken = new Map<string, string>();
  readonly #busy = new Map<string, (() => void)[]>();
  readonly #emit: (event: EventBody) => void;
  readonly #entered: ReadonlySet<string>;
  #sampledAtMs: number | undefined;

  /** `outages`: what was measured before the run was taken up again. */
  constructor(emit: (event: EventBody) => void, entered: ReadonlySet<string>, outages: readonly Outage[]) {
    this.#emit = emit;
    this.#entered = entered;
    this.#outages.push(...outages);
  }

  /** A file begins: its probes and invariants hold while it runs. They are first sampled when something is about to change. */
  enter(runbook: Runbook, prefix: string, roots: Roots): void {
    const probes = runbook.probes.map((probe) =>
      new WatchedProbe(probe, prefix, roots, settingMs(probe.every, roots) ?? 0, settingMs(probe.outageBudget, roots)));
    this.#files.push({ prefix, roots, probes, invariants: runbook.invariants, stop: new Signal(), started: "not-yet" });
  }

  /** A file ends: its probes are sampled no more, and an open outage is told as open. */
  leave(prefix: string, nowMs: number): void {
    const index = this.#files.findIndex((file) => file.prefix === prefix);
    const [file] = index === -1 ? [] : this.#files.splice(index, 1);
    if (file === undefined) return;
    file.stop.raise();
    if (file.started === "not-yet") return;
    for (const probe of file.probes) {
      const open = probe.outage(nowMs, "open");
      if (open !== undefined) this.#outages.push(open);
      this.#emit({ type: "watch-stopped", probe: probe.path, samples: probe.samples, downMs: probe.downMs + (open?.ms ?? 0) });
    }
  }

  /** Every outage that was measured, in the order in which they ended. */
  get outages(): readonly Outage[] {
    return this.#outages;
  }

  /** Begins to sample in the background, from the first changing step on. */
  start(run: Run, branch: Branch): void {
    for (const file of this.#files) {
      if (file.started === "started") continue;
      file.started = "started";
      for (const probe of file.probes) {
        this.#emit({ type: "watch-started", probe: probe.path, title: probe.probe.title === undefined ? probe.path : renderForPeople(probe.probe.title, probe.roots), everyMs: probe.everyMs, ...(probe.budgetMs === undefined ? {} : { budgetMs: probe.budgetMs }) });
        branch.task.spawn(`probes.${probe.path}`, (task) => this.#keepSampling(run, { ...branch, task }, file, probe));
      }
    }
  }

  async #keepSampling(run: Run, branch: Branch, file: WatchedFile, probe: WatchedProbe): Promise<void> {
    while ((await branch.task.sleep(probe.everyMs, file.stop)) === "slept") {
      await this.#sample(run, branch, probe);
      if (!file.stop.raised) this.#judgeInBackground(run, branch.task.now());
    }
  }

  /** Between gates a broken invariant raises the halt, except while something is mended. */
  #judgeInBackground(run: Run, nowMs: number): void {
    const held = this.#judge(nowMs);
    if (held.kind === "broken" && run.tally.mending === 0 && run.tally.intents > 0) run.halt.raise({ kind: "invariant", invariant: held.invariant, because: held.because });
  }

  /** All probes sampled now, and what the invariants then come to. A change that does not disrupt may share a sample of this second. */
  async sample(run: Run, branch: Branch, why: "changes" | "disrupts" | "after"): Promise<Held> {
    this.start(run, branch);
    const nowMs = branch.task.now();
    const shared = why === "changes" && this.#sampledAtMs !== undefined && nowMs - this.#sampledAtMs <= SHARED_SAMPLE_MS;
    if (!shared) {
      for (const file of [...this.#files]) for (const probe of file.probes) await this.#sample(run, branch, probe);
      this.#sampledAtMs = branch.task.now();
    }
    return this.#judge(branch.task.now());
  }

  async #sample(run: Run, branch: Branch, probe: WatchedProbe): Promise<void> {
    const queue = this.#busy.get(probe.path);
    if (queue !== undefined) {
      await branch.task.park((wake) => queue.push(wake));
      return;
    }
    const waiters: (() => void)[] = [];
    this.#busy.set(probe.path, waiters);
    // A sample may take seconds where nobody answers, and the step end meanwhile.
    const charged = run.gate.chargedStep ?? this.#chargedBefore(probe);
    const mightBeDown = this.#mayBeDown(probe);
    const sample = await sampleProbe(run, branch, probe);
    probe.mayBeDown = mightBeDown || this.#mayBeDown(probe);
    const { before, changed, ended } = probe.take(sample, charged ?? run.gate.chargedStep);
    if (ended !== undefined) this.#outages.push(ended);
    if (changed) {
      this.#emit({
        type: "probe-changed", probe: probe.path, state: sample.state, since: timeText(sample.atMs), because: sample.because,
        ...(sample.state === "down" && probe.chargedStep !== undefined ? { step: probe.chargedStep } : {}),
        ...(before === undefined ? {} : { last: { state: before.state, since: timeText(before.sinceMs) } }), ...(ended === undefined ? {} : { outage: ended }),
      });
    }
    this.#busy.delete(probe.path);
    for (const wake of waiters) wake();
  }

  /** What is down still when the run is taken up again is charged to what it was charged to before. */
  #chargedBefore(probe: WatchedProbe): string | undefined {
    if (probe.samples > 0) return undefined;
    const before = this.#outages.findLast((outage) => outage.probe === probe.path);
    return before?.cut === true ? before.step : undefined;
  }

  #judge(nowMs: number): Held {
    const verdicts = this.#files.filter((file) => file.started === "started").flatMap((file) => [
      ...file.probes.map((probe) => ({ id: probe.path, held: ownInvariant(probe, nowMs) })),
      ...file.invariants.map((invariant) => ({ id: `${file.prefix}${invariant.id}`, held: judgeInvariant(file, invariant) })),
    ]);
    for (const { id, held } of verdicts) this.#tell(id, held);
    const broken = verdicts.find(({ held }) => held.kind === "broken") ?? verdicts.find(({ held }) => held.kind === "not-known");
    return broken?.held ?? { kind: "held" };
  }

  #tell(id: string, held: Held): void {
    if (held.kind === "broken" && !this.#broken.has(id)) {
      this.#broken.set(id, held.because);
      this.#emit({ type: "invariant-broken", invariant: id, because: held.because });
    } else if (held.kind === "held" && this.#broken.delete(id)) {
      this.#emit({ type: "invariant-restored", invariant: id, because: "it holds again" });
    }
  }

  /** True where nothing says during which steps it may be down, or one of them is entered and not ended. */
  #mayBeDown({ prefix, probe: { downOnlyDuring } }: WatchedProbe): boolean {
    return downOnlyDuring === undefined || downOnlyDuring.some((path) => this.#isEntered(`${prefix}${path}`));
  }

  /** A path without items stands for every instance. */
  #isEntered(path: string): boolean {
    return this.#entered.has(path) || [...this.#entered].some((entered) => withoutItems(entered) === path);
  }
}

/** A probe with `down-only-during` or a budget is an invariant under its own name. */
function ownInvariant(probe: WatchedProbe, nowMs: number): Held {
  const { downOnlyDuring } = probe.probe;
  if (downOnlyDuring === undefined && probe.budgetMs === undefined) return { kind: "held" };
  if (probe.last === undefined || probe.last.state === "unknown") return { kind: "not-known", because: `${probe.path} cannot be read: ${probe.last?.because ?? "not sampled yet"}` };
  if (probe.last.state === "up") return { kind: "held" };
  if (downOnlyDuring !== undefined && !probe.mayBeDown) {
    return { kind: "broken", invariant: probe.path, because: `${probe.last.because}. ${downOnlyDuring.length === 0 ? "It may never be down during this run" : `It may be down only during ${downOnlyDuring.join(", ")}`}: something else took it down. Find out what did, bring it back, then start the run again` };
  }
  const downMs = probe.downForMs(nowMs);
  if (probe.budgetMs !== undefined && downMs > probe.budgetMs) {
    return { kind: "broken", invariant: probe.path, because: `it has been down for ${formatDuration(Math.round(downMs / 1000) * 1000)}, longer than its outage budget of ${formatDuration(probe.budgetMs)}: ${probe.last.because}. Bring it back first, then start the run again` };
  }
  return { kind: "held" };
}

function judgeInvariant(file: WatchedFile, invariant: Invariant): Held {
  const probes = emptyObject<unknown>();
  for (const probe of file.probes) {
    if (probe.last === undefined) continue;
    probes[probe.probe.name] = Object.assign(emptyObject<unknown>(), { state: probe.last.state }, probe.last.state === "unknown" ? {} : { up: probe.last.state === "up", outputs: probe.last.outputs });
  }
  const scope: Scope = Object.assign(emptyObject<unknown>(), file.roots, { probes });
  const verdict = judge(invariant.that, scope);
  if (verdict.kind === "true") return { kind: "held" };
  const said = invariant.because === undefined ? "" : `${renderForPeople(invariant.because, scope)} `;
  return verdict.kind === "false"
    ? { kind: "broken", invariant: `${file.prefix}${invariant.id}`, because: `${said}(${verdict.because})` }
    : { kind: "not-known", because: `${file.prefix}${invariant.id} cannot be told: ${verdict.because}` };
}

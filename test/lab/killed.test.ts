import { expect } from "vitest";
import type { Event, QuestionAsked } from "../../src/core/event.ts";
import { expectDone, useBench } from "./bench.ts";
import { NODES, onNode } from "./cluster.ts";
import type { Ending, OnEvent, Operator } from "./operator.ts";
import { inLab, inLabAtLength } from "./setting.ts";

const bench = useBench();

/** Names the point of the run at which an event stands; undefined where it is none at which the runner is killed. */
type PointOf = (event: Event) => string | undefined;

/** The begin of each change, and its end: between the two, and before the next look, the outcome is in doubt or not told yet. */
const changes = (): PointOf => {
  const names = new Map<number, string>();
  return (event) => {
    if (event.type === "action-started" && event.effect !== "reads") {
      const name = `${event.step} ${event.action.name}`;
      names.set(event.number, name);
      return `before ${name}`;
    }
    const name = event.type === "action-finished" ? names.get(event.number) : undefined;
    return name === undefined ? undefined : `after ${name}`;
  };
};

/** Of the changes, the one that cuts clients off. The run waits a minute afterwards, until what may be left of it is gone. */
const CHOSEN: readonly string[] = ["before handover/switch move"];

const chosen = (): PointOf => {
  const change = changes();
  return (event) => {
    const point = change(event);
    return point !== undefined && CHOSEN.includes(point) ? point : undefined;
  };
};

/** Every step that is entered, every end of one, and every change. */
const everything = (): PointOf => {
  const change = changes();
  return (event) => (event.type === "step-started" || event.type === "step-finished" ? `${event.type} ${event.step}` : change(event));
};

/** Kills the runner at each of its points once, and resumes it every time; approvals are given. Gives the points, and how it ended. */
async function killedEverywhere(one: Operator, pointOf: PointOf): Promise<{ readonly points: readonly string[]; readonly ending: Ending }> {
  const points = new Set<string>();
  const watcher = (): OnEvent => {
    let isDead = false;
    return (event, kill) => {
      const point = pointOf(event);
      if (isDead || point === undefined || points.has(point)) return;
      points.add(point);
      isDead = true;
      kill();
    };
  };
  let ending = await one.begin(watcher());
  while (ending.exitCode === undefined || ending.exitCode === 5) {
    const question = ending.events.findLast((event): event is Event & QuestionAsked => event.type === "question-asked");
    if (ending.exitCode === 5 && question !== undefined) await one.answer(question.step);
    ending = await one.resume(watcher());
  }
  return { points: [...points], ending };
}

/** However often the runner died, each node was updated once. */
async function expectOneUpdateEach(): Promise<void> {
  for (const node of NODES) expect([node, (await onNode(node, "grep -c 'upgrade labsvc:all 1.0 2.0' /var/log/dpkg.log || true")).trim()]).toEqual([node, "1"]);
}

inLab("a runner that is killed while it moves the database, and is resumed, updates each node once and comes to the end", async () => {
  const { points, ending } = await killedEverywhere(bench.operator(), chosen());
  await expectDone(ending, bench.roles());
  await expectOneUpdateEach();
  expect(points).toEqual(CHOSEN);
});

inLabAtLength("a runner that is killed at every step, and resumed every time, updates each node once and comes to the end", async () => {
  const { points, ending } = await killedEverywhere(bench.operator("2.0_reboot"), everything());
  process.stdout.write(`killed ${points.length} times\n`);
  await expectDone(ending, bench.roles());
  await expectOneUpdateEach();
  expect(points.length).toBeGreaterThan(100);
});

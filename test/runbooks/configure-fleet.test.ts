import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { Event, RunFinished } from "../../src/core/event.ts";
import { stage } from "../cli/stage.ts";
import { PROJECT } from "../docs/project.ts";
import { SSHD, startSshd, type Sshd } from "../world/sshd.ts";

const NODES = ["node1", "node2", "node3", "node4", "node5", "node6"];
const scratch = mkdtempSync(join(tmpdir(), "fleet-"));
let machines: ReadonlyMap<string, Sshd> = new Map();

/** The application of a node, below the folder of its server: a file system of its own stands at `/mnt` there. */
function applicationOf(node: string): string {
  return join(machines.get(node)?.folder ?? "", "mnt");
}

/** Starts a node: what it sees at `/mnt` is a folder of its server. */
async function startNode(node: string): Promise<readonly [string, Sshd]> {
  const own = (folder: string): readonly string[] => ["unshare", "--mount", "sh", "-c", 'mount --bind "$0/mnt" /mnt && exec "$@"', folder];
  return [node, await startSshd([], (folder) => {
    mkdirSync(join(folder, "mnt"));
    writeFileSync(join(folder, "mnt/leader"), "node4\n");
    writeFileSync(join(folder, "mnt/reload"), '#!/bin/sh\ncp "${0%/*}/app.conf" "${0%/*}/app.active"\n');
    chmodSync(join(folder, "mnt/reload"), 0o755);
    return own(folder);
  })];
}

beforeEach(async () => {
  machines = new Map(await Promise.all(NODES.map(startNode)));
  const transports = [...machines].map(([node, { config }]) => `  ${node}: { kind: ssh, config: ${config} }`);
  writeFileSync(join(scratch, "fleet.inventory.yml"), ["inventory: 1", "transports:", ...transports, "systems:", "  fleet:", "    description: Six nodes", "    inputs:", `      nodes: [${NODES.join(", ")}]`, "      from: app.conf", "      folder: /mnt", ""].join("\n"));
  writeFileSync(join(scratch, "app.conf"), "colour = blue\n");
});

afterEach(() => {
  for (const machine of machines.values()) machine.stop();
  rmSync(join(scratch, "state"), { recursive: true, force: true });
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

async function configure(): Promise<{ readonly events: readonly Event[]; readonly end: Event & RunFinished }> {
  const on = stage({ workingFolder: PROJECT, env: { RUNBOOK_STATE: join(scratch, "state") } });
  await main(["run", "examples/configure-fleet.yml", "--inventory", join(scratch, "fleet.inventory.yml"), "--system", "fleet", "--yes", "--json"], on.surroundings);
  const events = on.out().trim().split("\n").map((line) => JSON.parse(line) as Event);
  const end = events.at(-1);
  if (end?.type !== "run-finished") throw new Error(`the run did not end: ${on.err()}`);
  return { events, end };
}

/** The nodes that work with the new configuration. */
function configured(): readonly string[] {
  return NODES.filter((node) => existsSync(join(applicationOf(node), "app.active")) && readFileSync(join(applicationOf(node), "app.active"), "utf8") === "colour = blue\n");
}

/** The most instances of the loop that were under way at once. */
function mostAtOnce(events: readonly Event[]): number {
  let [now, most] = [0, 0];
  for (const event of events) {
    if (event.type === "step-started" && event.kind === "instance") most = Math.max(most, (now += 1));
    if (event.type === "step-finished" && /^others\[\w+\]$/.test(event.step)) now -= 1;
  }
  return most;
}

/** What makes a node fail: a folder stands where its configuration is to lie. */
function breakNode(node: string): void {
  mkdirSync(join(applicationOf(node), "app.conf"));
}

describe.skipIf(SSHD === undefined || process.platform !== "linux" || process.getuid?.() !== 0)("the example that configures a fleet, on six machines reached by ssh", () => {
  test("does three at a time, and last the leader, which it looks up", async () => {
    const { events, end } = await configure();
    expect(end.because).toBe("every step is done and the goal holds");
    expect(mostAtOnce(events.filter((event) => !("step" in event) || !event.step.startsWith("goal/")))).toBe(3);
    expect(configured()).toEqual(NODES);
    const changed = events.flatMap((event) => (event.type === "action-started" && event.effect !== "reads" ? [event.action.target] : []));
    expect(changed.at(-1)).toBe("node4");
    expect((await configure()).end.result).toBe("nothing to do");
  });

  test("goes on over one that fails, and says which", async () => {
    breakNode("node2");
    const { end } = await configure();
    expect(end.result).toBe("failed");
    expect(end.because).toContain("node2");
    expect(configured()).toEqual(NODES.filter((node) => node !== "node2"));
  });

  test("begins no further one after a second failure, and leaves the leader alone", async () => {
    breakNode("node1");
    breakNode("node2");
    const { end } = await configure();
    expect(end).toMatchObject({ result: "stopped", exitCode: 1 });
    expect(configured()).not.toContain("node4");
    expect(configured().length).toBeLessThan(NODES.length - 2);
  });

  test("changes nothing where the role names a machine that is none of the run's", async () => {
    for (const node of NODES) writeFileSync(join(applicationOf(node), "leader"), "node9\n");
    const { end } = await configure();
    expect(end).toMatchObject({ result: "stopped" });
    expect(end.because).toContain("node9");
  });
});

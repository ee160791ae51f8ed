import { describe, expect } from "vitest";
import type { Event } from "../../src/core/event.ts";
import { expectDone, expectStopped, expectUntouched, useBench } from "./bench.ts";
import { clearFaults, fault, fillDisk, isHealthy, mend, onNode, packageOn, roles } from "./cluster.ts";
import { eventually } from "./eventually.ts";
import { changedBy, type OnEvent } from "./operator.ts";
import { CUT_S, inLab, inLabAtLength } from "./setting.ts";

const bench = useBench();

/** Does something once, when a step's action of that name has begun (`action-started`) or ended. */
function once(type: "action-started" | "action-finished", step: string, action: string, then: () => Promise<void>): { readonly onEvent: OnEvent; readonly done: () => Promise<void> } {
  let doing: Promise<void> | undefined;
  let number: number | undefined;
  const isIt = (event: Event): boolean => {
    if (event.type === "action-started" && event.step === step && event.action.name === action) number = event.number;
    return event.type === type && event.number === number;
  };
  return {
    onEvent: (event) => {
      if (doing === undefined && isIt(event)) doing = then();
    },
    done: async () => {
      if (doing === undefined) throw new Error(`${step} never came to ${action}`);
      await doing;
    },
  };
}

/** A fault that lasts so long, and is cleared. */
async function forSeconds(seconds: number, ...args: readonly string[]): Promise<void> {
  await fault(...args);
  await onNode("node1", `sleep ${seconds}`);
  await clearFaults();
}

describe("the package system", () => {
  inLabAtLength("that somebody else has locked is waited for", async () => {
    const { standby } = bench.roles();
    await fault("lock", standby, "25");
    const one = bench.operator();
    await expectDone(await one.through(), bench.roles());
    expect(one.events.some((event) => event.type === "decided" && event.decision === "wait" && event.because.includes("is locked by other-setup"))).toBe(true);
  });
});

describe("the network", () => {
  inLab("that is cut while the package is installed leaves the installation alone and the run finds it again; cut while the database moves, it ends well once it is back", async () => {
    const { standby } = bench.roles();
    const cuts = [once("action-finished", "update_b/install", "install", () => forSeconds(CUT_S, "cut", standby, "public")), once("action-finished", "handover/switch", "move", () => forSeconds(CUT_S, "cut", standby, "public"))];
    const one = bench.operator("2.0_slow");
    await expectDone(await one.through((event, kill) => cuts.forEach(({ onEvent }) => onEvent(event, kill))), bench.roles());
    for (const cut of cuts) await cut.done();
    expect(one.events.filter((event) => event.type === "action-started" && event.step === "update_b/install" && event.effect !== "reads")).toHaveLength(1);
  });

  inLabAtLength("that is slow and loses packets makes it slow", async () => {
    const { primary, standby } = bench.roles();
    for (const node of [primary, standby]) {
      await fault("delay", node, "100");
      await fault("loss", node, "5", "public");
    }
    await expectDone(await bench.operator().through(), bench.roles());
  });
});

describe("the standby", () => {
  inLabAtLength("that is restarted while the package is installed stops the run; the next one is told, and repairs it", async () => {
    const { standby } = bench.roles();
    const off = once("action-finished", "update_b/install", "install", async () => {
      await eventually(30_000, async () => (await onNode(standby, "pgrep -f '[l]absvc.postinst' || true")).trim() !== "");
      await fault("power-cut", standby);
    });
    const one = bench.operator("2.0_slow");
    const ending = await one.through(off.onEvent);
    await off.done();
    expectStopped(ending, /was restarted under the installation/);
    await expectUntouched(bench.roles(), "primary");
    expect(await eventually(90_000, isHealthy)).toBe(true);
    const again = await bench.operator().through();
    expectStopped(again, /dpkg was interrupted in labsvc/);
    expect(changedBy(again.events)).toEqual([]);
    await onNode(standby, "systemctl enable labsvc-store labsvc-web");
    await expectDone(await bench.operator("2.0_all", { repair: "true" }).through(), bench.roles());
  });

  inLabAtLength("that does not stream stops the run before anything is changed", async () => {
    await onNode(bench.roles().standby, "dbnode suspend");
    const one = bench.operator();
    const ending = await one.through();
    expectStopped(ending, /does not keep up/);
    expect(changedBy(one.events)).toEqual([]);
    await onNode(bench.roles().standby, "dbnode resume");
    expect(await eventually(60_000, isHealthy)).toBe(true);
    await expectDone(await one.toTheEnd(await one.resume()), bench.roles());
  });

  inLab("whose disk is full stops the run with the cure, and it goes on when there is space; at the switchover too, where the cluster may not promote it, until it may", async () => {
    const { standby } = bench.roles();
    const full = once("action-finished", "update_b/copy", "copy", () => fillDisk(standby));
    const one = bench.operator();
    // Whichever meets it first: what is installed, or the server.
    expectStopped(await one.through(full.onEvent), /(?:are left on the disk|has no space left).*Free some space|The server on node\d is down now; nothing was installed.*`df` for a disk that is full/);
    await full.done();
    await expectUntouched(bench.roles(), "primary");
    // What the cluster makes of a full disk under load is its own affair: it may have switched the node off and on.
    expect(await mend()).toBe(true);
    const waiting = await one.resume();
    expect(waiting.exitCode).toBe(5);
    await onNode(standby, `crm_resource --ban --promoted --resource db-clone --node ${standby}`);
    expectStopped(await one.toTheEnd(waiting), /cli-ban-db-clone-on-node\d.*crm_resource --clear --resource db-clone/);
    expect(await roles()).toEqual(bench.roles());
    expect(await packageOn(standby)).toBe("2.0 installed");
    await onNode(standby, "crm_resource --clear --resource db-clone");
    await expectDone(await one.toTheEnd(await one.resume()), bench.roles());
  });
});

describe("the connection", () => {
  inLabAtLength("whose sessions are ended on the node is opened again", async () => {
    const end = once("action-finished", "update_b/install", "install", () => fault("kill-session", bench.roles().standby));
    await expectDone(await bench.operator("2.0_slow").through(end.onEvent), bench.roles());
    await end.done();
  });

  inLabAtLength("whose client here is killed is opened again", async () => {
    const one = bench.operator("2.0_slow");
    const end = once("action-finished", "update_b/install", "install", async () => one.killClients());
    await expectDone(await one.through(end.onEvent), bench.roles());
    await end.done();
  });
});

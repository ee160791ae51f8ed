import { describe, expect, test } from "vitest";
import { worldWith } from "./changed-world.ts";
import { baseWorld, clusterOf } from "./exchange-world.ts";

describe("the preflight", () => {
  test("only looks, and can be run alone", async () => {
    const cluster = await clusterOf(baseWorld());
    const ran = await cluster.run("runbooks/ccr-preflight.yml");
    expect(ran.end.exitCode).toBe(0);
    expect(ran.changed).toEqual([]);
    expect(ran.end.outputs).toMatchObject({ active_node: "NODEA", build_a: "8.1.240.6", build_b: "8.1.240.6" });
  });

  test("reports everything that is wrong together", async () => {
    const cluster = await clusterOf(worldWith({ pending: "NODEB", witness: "unreachable", active: "NODEB" }));
    const ran = await cluster.run("runbooks/ccr-preflight.yml");
    expect(ran.end.exitCode).toBe(1);
    const failed = [...ran.statuses].filter(([, status]) => status === "failed").map(([path]) => path);
    expect(failed).toEqual(expect.arrayContaining(["machines[NODEB]", "sound/votes", "roles"]));
  });
});

describe("the restart of a passive node", () => {
  test("clears the way for the procedure, and has nothing to do the second time", async () => {
    const cluster = await clusterOf(worldWith({ pending: "NODEB" }));
    const first = await cluster.run("runbooks/restart-passive-node.yml");
    expect(first.end.because).toBe("every step is done and the goal holds");
    expect(first.changed).toContain("restart");
    expect(first.end.outages).toEqual([]);
    expect((await cluster.run("runbooks/restart-passive-node.yml")).end.result).toBe("nothing to do");
    expect((await cluster.run("runbooks/ccr-rollup.yml")).end.result).toBe("succeeded");
  });

  test("is refused on the node that serves", async () => {
    const cluster = await clusterOf(worldWith({ pending: "NODEB", active: "NODEB" }));
    const ran = await cluster.run("runbooks/restart-passive-node.yml");
    expect(ran.end.result).toBe("stopped");
    expect(ran.statuses.get("roles")).toBe("failed");
    expect(ran.changed).toEqual([]);
  });
});

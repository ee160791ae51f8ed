import { describe, expect } from "vitest";
import { expectDone, expectStopped, expectUntouched, useBench } from "./bench.ts";
import { ALL_WELL, packageOn, servicesOn } from "./cluster.ts";
import { changedBy } from "./operator.ts";
import { inLab, inLabAtLength } from "./setting.ts";

const bench = useBench();

describe("an update", () => {
  inLab("that fails half-way stops on the standby with its services back, is not taken for the goal, and is repaired with a good one", async () => {
    const { standby } = bench.roles();
    expectStopped(await bench.operator("2.0_fail").through(), /error 1603: registering component 7 of 12 failed.*labsvc 2\.0 is half-configured/);
    expect(await packageOn(standby)).toBe("2.0 half-configured");
    expect(await servicesOn(standby)).toBe(ALL_WELL);
    await expectUntouched(bench.roles(), "primary");
    const again = await bench.operator().through();
    expectStopped(again, /dpkg was interrupted in labsvc.*`repair: true` installs labsvc over it/);
    expect(changedBy(again.events)).toEqual([]);
    await expectDone(await bench.operator("2.0_all", { repair: "true" }).through(), bench.roles());
  });

  inLabAtLength("that leaves services disabled has them given back, on each node", async () => {
    const one = bench.operator("2.0_forget");
    await expectDone(await one.through(), bench.roles());
    expect(changedBy(one.events)).toEqual(expect.arrayContaining(["update_b/services_back", "update_a/services_back"]));
  });

  inLabAtLength("that refuses before it begins changes nothing", async () => {
    expectStopped(await bench.operator("2.0_prefail").through(), /prerequisite not met/);
    await expectUntouched(bench.roles(), "standby", "primary");
  });

  inLabAtLength("that wants a restart has each node restarted while it is the standby", async () => {
    const ending = await bench.operator("2.0_reboot").through();
    await expectDone(ending, bench.roles());
    expect(ending.end?.outputs).toEqual({ restarted_b: true, restarted_a: true });
  });

  inLabAtLength("that takes its time is waited for", async () => {
    await expectDone(await bench.operator("2.0_slow").through(), bench.roles());
  });

  inLabAtLength("that hangs is asked about, and goes on when a person ends the wait", async () => {
    const one = bench.operator("2.0_hang", { silence: "20s" });
    const waiting = await one.begin();
    expect(waiting).toMatchObject({ exitCode: 5, end: { result: "waiting", because: expect.stringMatching(/has run for 20s and says nothing new/) as string } });
    await one.answer("update_b/install", ["--choose", "stop"]);
    expectStopped(await one.resume(), /Ann ended the wait: laboratory; the installation was not ended/);
    await expectUntouched(bench.roles(), "primary");
  });

  inLabAtLength("that is damaged is refused before it is begun", async () => {
    expectStopped(await bench.operator("2.0_corrupt").through(), /labsvc_2\.0_corrupt\.deb/);
    await expectUntouched(bench.roles(), "standby", "primary");
  });

  inLabAtLength("that needs what is not to be had stops, and says what is missing", async () => {
    expectStopped(await bench.operator("3.0_dep").through(), /labsvc-prerequisite.*give the target those packages first/);
    await expectUntouched(bench.roles(), "standby", "primary");
  });
});

import { ok } from "../../src/core/result.ts";
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Event, RunFinished } from "../../src/core/event.ts";
import { resolveInputs } from "../../src/interpreter/language/inputs.ts";
import { makePlan } from "../../src/interpreter/plan/make-plan.ts";
import { execute } from "../../src/interpreter/run/execute.ts";
import { localEngine } from "../../src/interpreter/run/local-engine.ts";
import { localTransports } from "../../src/world/local-transport.ts";
import { nobody } from "../../src/world/nobody.ts";
import { systemClock } from "../../src/world/system-clock.ts";
import { PROJECT } from "../docs/project.ts";
import { loadedRunbook } from "./loaded.ts";

const scratch = mkdtempSync(join(tmpdir(), "publish-page-"));
const folder = join(scratch, "site");
const page = join(scratch, "page.html");

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** Runs the example for real, below a folder of the test. */
async function publish(release: string): Promise<Event & RunFinished> {
  const file = "examples/publish-page.yml";
  const runbook = loadedRunbook(file);
  const values = new Map(Object.entries({ page, folder, release }).map(([name, text]) => [name, { kind: "text" as const, text }]));
  const inputs = resolveInputs(runbook, [{ origin: "--set", strict: "names-must-exist", folder: PROJECT, values }]);
  if (inputs.kind === "error") throw new Error(inputs.error.map(({ message }) => message).join("; "));
  const plan = makePlan({ runbook, displayFile: file, inputs: inputs.value, system: "here", simulated: false });
  if (plan.kind === "error") throw new Error(plan.error.map(({ message }) => message).join("; "));
  return await execute({
    runbook, plan: plan.value, run: "r000000001", digest: "0", operator: "test", account: "test", host: "test", tool: "test", clock: systemClock(),
    transports: localTransports({ state: join(scratch, "state"), fetched: join(scratch, "fetched") }),
    engine: localEngine({ journal: { append: () => undefined, sync: async () => ok(undefined) }, people: nobody(), onEvent: () => undefined, permit: undefined }),
    lock: { acquire: () => ({ kind: "held", release: () => undefined }) }, next: () => [],
  }).finished;
}

describe.skipIf(process.platform === "win32")("the example that publishes a page, run for real", () => {
  test("changes nothing where the page is broken, publishes it, has nothing to do the second time, and brings an older release back", async () => {
    writeFileSync(page, "<p>no title</p>");
    expect(await publish("1.0")).toMatchObject({ result: "stopped", because: expect.stringContaining("There is no <title>") });
    expect(existsSync(folder)).toBe(false);

    writeFileSync(page, "<title>one</title>");
    expect(await publish("1.0")).toMatchObject({ result: "succeeded" });
    expect(readFileSync(join(folder, "current/index.html"), "utf8")).toContain("one");
    expect(await publish("1.0")).toMatchObject({ result: "nothing to do" });

    writeFileSync(page, "<title>two</title>");
    expect(await publish("1.1")).toMatchObject({ result: "succeeded" });
    expect(readlinkSync(join(folder, "current"))).toBe("1.1");

    writeFileSync(page, "<title>one</title>");
    expect(await publish("1.0")).toMatchObject({ result: "succeeded" });
    expect(readlinkSync(join(folder, "current"))).toBe("1.0");
    expect(readFileSync(join(folder, "1.1/index.html"), "utf8")).toContain("two");
  });
});

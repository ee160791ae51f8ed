import { afterEach, beforeEach, expect } from "vitest";
import { startClient, type Client } from "./client.ts";
import { ALL_WELL, begin, clearFaults, NODES, packageOn, roles, servicesOn, type Roles } from "./cluster.ts";
import { Operator, type Ending } from "./operator.ts";

/** What a test on the cluster has at hand. */
export interface Bench {
  /** The roles at the test's begin. */
  readonly roles: () => Roles;
  /** Somebody at the keyboard, with an update and inputs of the run. */
  readonly operator: (variant?: string, inputs?: Readonly<Record<string, string>>) => Operator;
}

/** Around each test of a file: both nodes at version 1.0, a client that writes all the while, and at the end not one acknowledged row lost. */
export function useBench(): Bench {
  let client: Client | undefined;
  let at: Roles | undefined;
  let operators: Operator[] = [];
  beforeEach(async () => {
    at = await begin();
    client = startClient();
  });
  afterEach(async () => {
    await clearFaults();
    const counted = await client?.stop();
    client = undefined;
    for (const one of operators) one.leave();
    operators = [];
    // Whatever happened: not one row that the client was told of is gone.
    expect(counted).toMatchObject({ lost: 0 });
    expect(counted?.acked).toBeGreaterThan(0);
  });
  const now = (): Roles => {
    if (at === undefined) throw new Error("no test has begun");
    return at;
  };
  return {
    roles: now,
    operator: (variant, inputs) => {
      const one = new Operator(now(), variant, inputs);
      operators.push(one);
      return one;
    },
  };
}

/** The run has succeeded, and the cluster is as it should be. */
export async function expectDone({ exitCode, end }: Ending, before: Roles): Promise<void> {
  expect({ exitCode, result: end?.result }, end?.because).toEqual({ exitCode: 0, result: "succeeded" });
  await expectUpdated(before);
}

/** Both nodes have the version, their services run and will run, and the roles were changed once. */
export async function expectUpdated(before: Roles): Promise<void> {
  for (const node of NODES) {
    expect([node, await packageOn(node), await servicesOn(node)]).toEqual([node, "2.0 installed", ALL_WELL]);
  }
  expect(await roles()).toEqual({ primary: before.standby, standby: before.primary });
}

/** The run stopped before or after a failure, and its sentence says what is wrong and what to do. */
export function expectStopped({ exitCode, end }: Ending, sentence: RegExp): void {
  expect({ exitCode, result: end?.result }, end?.because).toEqual({ exitCode: 1, result: "stopped" });
  expect(end?.because).toMatch(sentence);
}

/** The update did not reach nodes, and their services are as they were. The roles are those of the begin: whether the servers run is not asked. */
export async function expectUntouched(before: Roles, ...which: readonly (keyof Roles)[]): Promise<void> {
  for (const role of which) expect([role, await packageOn(before[role]), await servicesOn(before[role])]).toEqual([role, "1.0 installed", ALL_WELL]);
}

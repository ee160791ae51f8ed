import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DoctorDocument } from "../../src/views/documents.ts";
import { temporaryFolder } from "../world/real-process.ts";
import { doctorIn, found, inventoryOf } from "./doctor-kit.ts";
import { faultsOf } from "./run-case.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url).pathname;

/** Acts on one address that its input names, with a secret. */
const ON_ONE = `runbook: 1
name: on_one
title: Look at one machine
inputs:
  node: { format: hostname, description: The machine }
  password: { secret: true, description: Of its database }
targets:
  node: { address: "{{inputs.node}}" }
checks:
  - { id: look, title: Look, target: node, uses: run.query, with: { program: "true", stdin: "{{inputs.password}}" } }
`;

describe("doctor", () => {
  test.skipIf(process.platform === "win32")("looks at this machine where no system is named, and ends 0", async () => {
    const { code, out } = await doctorIn({}, ["--json"]);
    expect(code).toBe(0);
    expect(faultsOf("printed-doctor", out)).toEqual([]);
    const document = JSON.parse(out) as DoctorDocument;
    expect(document).toMatchObject({ system: "local", targets: [{ address: "local", kind: "local" }] });
    expect(found(document, "local", "clock")).toMatchObject([{ verdict: "ok", says: "this machine's own" }]);
  });

  test("of a simulated system says so, asks its nodes who they are, and keeps nothing of it", async () => {
    const words = ["--inventory", join(EXAMPLES, "inventory.yml"), "--system", "exclus1"];
    const state = temporaryFolder();
    const env = { RUNBOOK_STATE: state };
    const { code, out } = await doctorIn({}, words, { env });
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, " ")).toContain("exclus1 (simulated): 2 targets");
    expect(out.replaceAll(/\s+/g, " ")).toContain("There is nothing to reach");
    const document = JSON.parse((await doctorIn({}, [...words, "--json"], { env })).out) as DoctorDocument;
    expect(document).toMatchObject({ simulated: true, targets: [{ address: "NODEA", kind: "simulated" }, { address: "NODEB" }] });
    expect(found(document, "NODEB", "identity")).toMatchObject([{ verdict: "ok", says: "calls itself NODEB" }]);
    expect(existsSync(join(state, "worlds"))).toBe(false);
  });

  test("of a simulated node that nobody reaches ends 1", async () => {
    const world = readFileSync(join(EXAMPLES, "worlds/two-node.world.yml"), "utf8");
    const unreachable = `${world.replace(/\.\.\/packages/g, join(EXAMPLES, "packages"))}\nevents:\n  - { at: 0s, does: [{ unreachable: { node: NODEB, for: 1h } }] }\n`;
    const inventory = "inventory: 1\nsystems:\n  lab: { transports: { default: { kind: simulated, world: two.world.yml } } }\n";
    const { code, out, err } = await doctorIn({ "inventory.yml": inventory, "two.world.yml": unreachable }, ["--inventory", "inventory.yml", "--system", "lab", "--json"]);
    expect(err).toBe("");
    expect(code).toBe(1);
    expect(found(JSON.parse(out) as DoctorDocument, "NODEB", "reachable")).toMatchObject([{ verdict: "failed", says: "NODEB does not answer" }]);
  });

  test("says which addresses there are only patterns for, and what to do", async () => {
    const { code, out, err } = await doctorIn({ "inventory.yml": inventoryOf({ "*.lab.example": "", default: "" }) }, ["--inventory", "inventory.yml", "--system", "lab"]);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err.replaceAll(/\s+/g, " ")).toContain("inventory.yml names no address of `lab`: only `*.lab.example`, `default`, which stand for any");
    expect(err).toContain("doctor FILE --system lab");
  });

  test("of a runbook whose list of machines is empty says that none was looked at, and not that all is well", async () => {
    const runbook = 'runbook: 1\nname: fleet\ntitle: A fleet\ninputs:\n  nodes: { type: list, items: string, description: The machines }\ntargets:\n  nodes: { addresses: "{{inputs.nodes}}" }\nchecks:\n  - { id: up, for-each: targets.nodes.addresses, as: node, target: "{{node}}", uses: run.query, with: { program: "true" } }\n';
    const inventory = "inventory: 1\ntransports: { default: { kind: ssh } }\nsystems:\n  none: { inputs: { nodes: [] } }\n";
    const { code, out, err } = await doctorIn({ "inventory.yml": inventory, "fleet.yml": runbook }, ["fleet.yml", "--inventory", "inventory.yml", "--system", "none"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.replaceAll(/\s+/g, " ")).toContain("no machine was looked at: with these inputs fleet.yml has none, its target `nodes` is empty");
  });

  test("takes the addresses of a runbook from its inputs, and reads no secret", async () => {
    const read = join(temporaryFolder(), "read");
    const inventory = `inventory: 1\ntransports: { "*.lab.example": { kind: ssh, user: nobody, port: 1, config: empty } }\nsystems:\n  lab:\n    inputs:\n      node: no-such-host.lab.example\n      password: { from: { command: [touch, ${read}] } }\n`;
    const { code, out, err } = await doctorIn({ "inventory.yml": inventory, empty: "", "one.yml": ON_ONE }, ["one.yml", "--inventory", "inventory.yml", "--system", "lab", "--json"]);
    expect(err).toBe("");
    expect(code).toBe(1);
    expect(found(JSON.parse(out) as DoctorDocument, "no-such-host.lab.example", "reachable")).toMatchObject([{ verdict: "failed" }]);
    expect(existsSync(read)).toBe(false);
  });

  test("refuses values of inputs where no runbook is named", async () => {
    const { code, err } = await doctorIn({}, ["--set", "a=b"]);
    expect(code).toBe(2);
    expect(err).toContain("--set gives a value to an input of a runbook, and none is named");
  });
});

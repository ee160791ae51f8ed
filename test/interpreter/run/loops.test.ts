import { describe, expect, test } from "vitest";
import { endOf, set, tryFile } from "../../kit/try-file.ts";

const NEVER = { answer: "ok", stores: "never" } as const;
const LOST_FOR_NOW = { answer: "lost", stores: 600_000 } as const;
const each = (items: string, rest: string): string => `steps:\n  - id: each\n    for-each: "${items}"\n    as: node\n${rest}`;
const onAll = (rest: string, body = '    uses: store.set\n    target: "{{node}}"\n    with: { key: x, value: new }'): string => each("targets.all.addresses", `${rest}${body}`);
/** Blocks on each node, whose first step may fail on NODEA. */
const BLOCKS = `    block:\n      - { id: one, uses: store.set, target: "{{node}}", with: { key: "{{node}}", value: new, refuse_on: busy } }\n      - { id: two, uses: store.set, target: "{{node}}", with: { key: two, value: new } }\n      - { id: three, uses: store.set, target: "{{node}}", with: { key: three, value: new } }\n    always:\n      - { id: tidy, uses: store.set, target: "{{node}}", with: { key: tidy, value: new } }`;

describe("a loop", () => {
  test("is told by its own title as the plan tells it, and each instance by its item", async () => {
    const tried = await tryFile(`steps:\n  - id: each\n    title: Set {{node}}\n    for-each: targets.all.addresses\n    as: node\n    uses: store.set\n    target: "{{node}}"\n    with: { key: x, value: new }`);
    const titles = tried.events.flatMap((event) => (event.type === "step-started" ? [event.title] : []));
    expect(titles.slice(0, 3)).toEqual(["Set ⟨node⟩", "Set NODEA", "Set NODEB"]);
  });

  test("over an empty list is skipped, with a warning", async () => {
    const tried = await tryFile(`${each("[]", "    uses: store.set\n    with: { key: x, value: new }")}\n  ${set("after")}`);
    expect(tried.statuses).toEqual({ each: "skipped", after: "ok" });
    expect(tried.events.filter((event) => event.type === "warning")).toMatchObject([{ code: "empty-loop", step: "each" }]);
  });

  test("refuses an item that comes twice, before any instance is begun", async () => {
    const tried = await tryFile(each("['x', 'y', 'x']", '    uses: store.set\n    with: { key: "{{node}}", value: new }'));
    expect(tried.statuses).toEqual({ each: "failed" });
    expect(tried.end.because).toMatch(/holds `x` twice/);
  });

  test("names the instances of records by their id", async () => {
    const tried = await tryFile(`inputs:\n  disks: { type: list, items: { type: object, properties: { id: { type: string }, value: { type: string } } }, default: [{ id: x, value: one }, { id: y, value: two }], description: The disks }\n${each("inputs.disks", '    uses: store.set\n    with: { key: "{{node.id}}", value: "{{node.value}}" }')}`);
    expect(tried.statuses).toEqual({ "each[x]": "ok", "each[y]": "ok", each: "ok" });
    expect(tried.sets).toEqual(["x=one", "y=two"]);
  });

  test("lets the instance change next that has waited longest, not the one that changed last", async () => {
    const { sets } = await tryFile(each("['a', 'b', 'c']", '    max-parallel: 2\n    block:\n      - { id: one, uses: store.set, with: { key: "{{node}}1", value: new } }\n      - { id: two, uses: store.set, with: { key: "{{node}}2", value: new } }'));
    expect(sets).toEqual(["a1=new", "b1=new", "a2=new", "b2=new", "c1=new", "c2=new"]);
  });

  test("takes items with brackets and slashes, known only when it runs", async () => {
    const tried = await tryFile(`steps:\n  - { id: list, uses: store.value, with: { key: list } }\n  - id: each\n    for-each: "steps.list.outputs.value.split(',')"\n    as: item\n    block:\n      - { id: put, uses: store.set, with: { key: "{{item}}", value: new } }`, { prepare: (store) => void store.values.set("NODEA/list", "Disk [1],C:\\x/y],plain") });
    expect(tried.end.result).toBe("succeeded");
    expect(tried.statuses["each[Disk [1]]/put"]).toBe("ok");
    expect(tried.sets).toHaveLength(3);
  });

  test("counts its limit for each instance", async () => {
    const tried = await tryFile(onAll("    timeout: 60s\n"));
    expect(tried.end.result).toBe("succeeded");
    expect(tried.seconds).toBeGreaterThan(30);
  });

  test("gives its items, statuses and outputs to the steps after it", async () => {
    const tried = await tryFile(`${onAll("    max-failures: 1\n")}\n  - { id: sum, uses: check, with: { that: "steps.each.each.filter(one, one.status == 'failed').map(one, one.item) == ['NODEA']", because: no } }`, { prepare: (store) => store.behaviours.set("x", [NEVER]) });
    expect(tried.statuses["sum"]).toBe("ok");
  });
});

describe("beside each other", () => {
  test("the other instances end the step they are in once too many have failed, and what they owe is paid", async () => {
    const tried = await tryFile(onAll("    max-parallel: 3\n", BLOCKS), { prepare: (store) => void store.values.set("NODEA/NODEA", "busy") });
    expect(tried.statuses).toMatchObject({ "each[NODEA]": "failed", each: "failed" });
    expect(tried.statuses["each[NODEB]"]).toBe("interrupted");
    expect(tried.statuses["each[NODEB]/three"]).toBeUndefined();
    expect(tried.statuses["each[NODEB]/tidy"]).toBe("ok");
    expect(tried.end.result).toBe("stopped");
  });

  test("an instance that waits for a person does not hold up the others", async () => {
    const tried = await tryFile(onAll("    max-parallel: 2\n", '    block:\n      - { id: go, if: "node == \'NODEA\'", uses: human.approve, with: { question: "Go on?" } }\n      - { id: put, uses: store.set, target: "{{node}}", with: { key: x, value: new } }'));
    expect(tried.end.result).toBe("waiting");
    expect(tried.statuses).toMatchObject({ "each[NODEB]": "ok", "each[NODEC]": "ok" });
  });

  test("the instance that waits for a person is named, not the loop", async () => {
    const tried = await tryFile(each("['x', 'y']", '    uses: human.approve\n    with: { question: "Go on?" }'));
    expect(tried.end).toMatchObject({ result: "waiting", because: "each[x]: Go on?" });
  });

  test("a failure counts before a question", async () => {
    const tried = await tryFile(onAll("    max-parallel: 2\n", '    block:\n      - { id: go, if: "node == \'NODEA\'", uses: human.approve, with: { question: "Go on?" } }\n      - { id: put, uses: store.set, target: "{{node}}", with: { key: x, value: new } }'), { prepare: (store) => store.behaviours.set("x", [NEVER]) });
    expect(tried.end.result).toBe("stopped");
  });

  test("two steps that touch the same never run together, and a disrupting one runs alone unless the loop says otherwise", async () => {
    const disrupt = (parallel: number): string => onAll(`    max-parallel: ${parallel}\n`, '    uses: store.disrupt\n    target: "{{node}}"\n    with: { key: x, value: new }');
    const times = async (body: string): Promise<number> => new Set((await tryFile(body)).store.done.map((line) => line.split("@")[1])).size;
    expect(await times(disrupt(1))).toBe(3);
    expect(await times(disrupt(3))).toBe(1);
    expect(await times(each("['one', 'two']", '    max-parallel: 2\n    uses: store.set\n    with: { key: same, value: "{{node}}" }'))).toBe(2);
  });

  test("who needs what an unsettled step holds is not begun, and does not wait for ever", async () => {
    const tried = await tryFile(`steps:\n  - id: each\n    for-each: targets.all.addresses\n    as: node\n    max-parallel: 3\n    block:\n      - { id: first, if: "node == 'NODEA'", uses: store.set, with: { key: same, value: new }, timeout: 25s }\n      - { id: second, if: "node != 'NODEA'", uses: store.set, target: a, with: { key: same, value: other }, timeout: 1h }`, { prepare: (store) => store.behaviours.set("same", [LOST_FOR_NOW]) });
    expect(tried.statuses["each[NODEA]/first"]).toBe("unknown");
    expect(endOf(tried, "each[NODEB]/second")).toMatchObject({ status: "failed", code: "not_known", because: expect.stringContaining("each[NODEA]/first") });
    expect(tried.sets).toEqual(["same=new"]);
    expect(tried.seconds).toBeLessThan(120);
  });
});

describe("a call in a loop over a list that is known", () => {
  test("adds the addresses and locks of each instance to the run's", async () => {
    const part = `runbook: 1\nname: part\ntitle: A part\ninputs:\n  node: { format: netbios_name, description: The node }\ntargets: { n: { address: "{{inputs.node}}" } }\nlock: ["disk of {{inputs.node}}"]\ntarget: n\nsteps:\n  ${set("inner")}\n`;
    const tried = await tryFile('inputs:\n  nodes: { type: list, items: string, default: [NODEX, NODEY], description: The nodes }\nsteps:\n  - { id: each, for-each: inputs.nodes, as: node, call: ./part.yml, with: { node: "{{node}}" } }', { files: { "part.yml": part } });
    expect(tried.end.result, tried.end.because).toBe("succeeded");
    expect(tried.plan.addresses).toEqual(expect.arrayContaining(["NODEX", "NODEY"]));
    expect(tried.plan.locks).toEqual(expect.arrayContaining(["disk of NODEX", "disk of NODEY"]));
    expect(tried.statuses["each[NODEX]/inner"]).toBe("ok");
  });
});

describe("a target that is a template", () => {
  test("must be one of the run's addresses when the step is entered", async () => {
    const tried = await tryFile('steps:\n  - { id: role, uses: store.value, with: { key: role } }\n  - { id: put, uses: store.set, target: "{{steps.role.outputs.value}}", with: { key: x, value: new } }', { prepare: (store) => void store.values.set("NODEA/role", "NODEZ") });
    expect(endOf(tried, "put")).toMatchObject({ status: "failed", code: "not_a_target", because: expect.stringContaining("NODEZ") });
    expect(tried.sets).toEqual([]);
  });
});

test("instances that run at once read what their own steps gave, not another's", async () => {
  const body = `steps:\n  - { id: each, for-each: targets.all.addresses, as: node, max-parallel: 3, block: [ { id: seen, uses: store.value, target: "{{node}}", with: { key: me } }, { id: pause, uses: store.value, target: "{{node}}", with: { key: me } }, { id: put, uses: store.set, target: "{{node}}", with: { key: copy, value: "{{steps.seen.outputs.value}}" } } ] }`;
  const nodes = ["NODEA", "NODEB", "NODEC"];
  const { store } = await tryFile(body, { prepare: ({ values }) => nodes.forEach((node) => values.set(`${node}/me`, node)) });
  expect(nodes.map((node) => store.values.get(`${node}/copy`))).toEqual(nodes);
});

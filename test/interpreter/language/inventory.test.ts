import { describe, expect, test } from "vitest";
import { checkDefaultSystem, loadConfig } from "../../../src/interpreter/language/config.ts";
import { coversAddress } from "../../../src/interpreter/language/inventory-rules.ts";
import { transportFor } from "../../../src/interpreter/language/inventory-transport.ts";
import { isSimulated, loadInventory, systemNamed, type Inventory } from "../../../src/interpreter/language/inventory.ts";
import { filesOf, shown } from "./project.ts";

function inventoryOf(text: string): Inventory {
  const { inventory, diagnostics } = loadInventory("/project/inv/inventory.yml", "inventory.yml", filesOf({ "inv/inventory.yml": text }));
  if (inventory === undefined) throw new Error(shown(diagnostics).join("\n"));
  return inventory;
}

function faultsOf(text: string): readonly string[] {
  return shown(loadInventory("/project/inv/inventory.yml", "inventory.yml", filesOf({ "inv/inventory.yml": text })).diagnostics);
}

const REAL = `inventory: 1
inputs: { comment: Applying }
transports:
  default: { kind: local }
  "*.lab.example": { kind: local }
  "a*": { kind: local }
  "*z": { kind: local }
systems:
  lab:
    description: The lab
    inputs: { cms: EXCLUS1, other: 1 }
    transports:
      "node*": { kind: local }
  twin:
    transports:
      default: { kind: simulated, world: ../worlds/two.world.yml }
`;

describe("an inventory", () => {
  const inventory = inventoryOf(REAL);

  test("gives each system its inputs and says whether it is simulated", () => {
    expect([...inventory.inputs.keys()]).toEqual(["comment"]);
    const [lab, twin] = [systemNamed(inventory, "lab"), systemNamed(inventory, "twin")];
    expect(lab.kind === "ok" && [...lab.value.inputs.keys()]).toEqual(["cms", "other"]);
    expect(lab.kind === "ok" && isSimulated(lab.value)).toBe(false);
    expect(twin.kind === "ok" && [isSimulated(twin.value), twin.value.world]).toEqual([true, "/project/worlds/two.world.yml"]);
  });

  test("knows the nearest name of a system", () => {
    const found = systemNamed(inventory, "labb");
    expect(found.kind === "error" && [found.error.message, found.error.hint]).toEqual(["there is no system `labb` in inventory.yml", "did you mean `lab`?"]);
  });

  test.each([
    ["NODEA", "lab", "node*"],
    ["x.lab.example", "lab", "*.lab.example"],
    ["other", "lab", "default"],
    ["abc", "lab", "a*"],
    ["NODEA", "twin", "default"],
    ["local", "twin", "local"],
    ["local", "lab", "local"],
  ])("reaches %s of %s by the rule %s", (address, name, pattern) => {
    const system = systemNamed(inventory, name);
    const rule = transportFor(address, inventory, system.kind === "ok" ? system.value : undefined);
    expect(rule.kind === "ok" && rule.value.pattern).toBe(pattern);
    expect(rule.kind === "ok" && rule.value.kind).toBe(name === "twin" ? "simulated" : "local");
  });

  test("takes two patterns of one length for an error", () => {
    const rule = transportFor("abz", inventory, undefined);
    expect(rule.kind === "error" && shown([rule.error])).toEqual(["inventory.yml:7:3 transport-tie: `abz` is covered by `a*` and by `*z` alike"]);
  });

  test("that covers an address nowhere says what to add", () => {
    const bare = inventoryOf("inventory: 1\nsystems: { a: { transports: { nodea: { kind: local } } } }\n");
    const rule = transportFor("NODEB", bare, bare.systems.get("a"));
    expect(rule.kind === "error" && rule.error.message).toBe("inventory.yml does not say how `NODEB` is reached");
    expect(transportFor("nodeA", bare, bare.systems.get("a")).kind).toBe("ok");
  });

  test("is needed for every address but this machine", () => {
    expect(transportFor("local", undefined, undefined).kind).toBe("ok");
    expect(transportFor("NODEA", undefined, undefined)).toMatchObject({ kind: "error", error: { code: "no-transport" } });
  });
});

describe("a system", () => {
  test("is simulated whole or not at all", () => {
    expect(faultsOf("inventory: 1\nsystems:\n  half:\n    transports:\n      nodea: { kind: simulated, world: a.yml }\n      nodeb: { kind: local }\n")).toEqual([
      "inventory.yml:3:3 half-simulated: system `half` is simulated under `nodea` and real under `nodeb`: a system is simulated whole, or not at all",
    ]);
  });

  test("is not left half to the inventory's own rules", () => {
    expect(faultsOf("inventory: 1\ntransports: { default: { kind: local } }\nsystems:\n  half:\n    transports:\n      nodea: { kind: simulated, world: a.yml }\n")).toEqual([
      "inventory.yml:4:3 half-simulated: system `half` is simulated under `nodea` and real under `default`: a system is simulated whole, or not at all",
    ]);
  });

  test("lives in one world", () => {
    expect(faultsOf("inventory: 1\nsystems:\n  two:\n    transports:\n      nodea: { kind: simulated, world: a.yml }\n      nodeb: { kind: simulated, world: b.yml }\n")).toEqual([
      "inventory.yml:3:3 two-worlds: system `two` has two worlds, under `nodea` and under `nodeb`",
    ]);
  });

  test("may be in the world that the inventory gives to all", () => {
    const inventory = inventoryOf("inventory: 1\ntransports: { default: { kind: simulated, world: a.yml } }\nsystems: { one: {} }\n");
    expect(inventory.systems.get("one")?.world).toBe("/project/inv/a.yml");
  });
});

describe("a rule of kind ssh", () => {
  test("carries its options, its configuration file as an absolute path", () => {
    const inventory = inventoryOf("inventory: 1\ntransports:\n  node1: { kind: ssh, host: 10.0.0.1, user: deploy, port: 2222, become: root, config: ../ssh/config, max-connections: 5 }\n  default: { kind: ssh }\nsystems: { a: {} }\n");
    expect(inventory.transports).toMatchObject([
      { kind: "ssh", pattern: "node1", host: "10.0.0.1", user: "deploy", port: 2222, become: "root", config: "/project/ssh/config", maxConnections: 5 },
      { kind: "ssh", pattern: "default" },
    ]);
    expect(Object.keys(inventory.transports[1] ?? {}).toSorted()).toEqual(["kind", "pattern", "span"]);
  });

  test("names one machine only where its pattern is one", () => {
    expect(faultsOf("inventory: 1\ntransports:\n  \"n*\": { kind: ssh, host: db1 }\nsystems:\n  a: { transports: { default: { kind: ssh, host: db2 } } }\n")).toEqual([
      "inventory.yml:3:3 host-of-many: `host: db1` is one machine, and `n*` covers many addresses",
      "inventory.yml:5:22 host-of-many: `host: db2` is one machine, and `default` covers many addresses",
    ]);
  });
});

describe("two rules whose names differ in case alone", () => {
  test("are an error, since one of them would never apply", () => {
    expect(faultsOf("inventory: 1\ntransports:\n  web1: { kind: ssh }\n  WEB1: { kind: ssh, port: 1 }\n  \"*.lab\": { kind: ssh }\n  \"*.Lab\": { kind: ssh }\nsystems:\n  a: { transports: { b: { kind: ssh }, B: { kind: ssh } } }\n")).toEqual([
      "inventory.yml:4:3 transport-twice: `WEB1` and `web1` are one name: case does not count in names of machines",
      "inventory.yml:6:3 transport-twice: `*.Lab` and `*.lab` are one name: case does not count in names of machines",
      "inventory.yml:8:40 transport-twice: `B` and `b` are one name: case does not count in names of machines",
    ]);
  });

  test("may stand one in a system and one beside all systems: the system's comes first", () => {
    expect(faultsOf("inventory: 1\ntransports: { web1: { kind: ssh } }\nsystems: { a: { transports: { WEB1: { kind: ssh } } } }\n")).toEqual([]);
  });
});

describe("a pattern", () => {
  test.each([
    ["*", "", true], ["*", "abc", true], ["a*c", "abc", true], ["a*c", "ac", true], ["a*a", "a", false], ["a*b*c", "a-b-b-c", true], ["a*b*c", "acb", false],
    ["ABC", "abc", true], ["abc", "abcd", false], ["*.example", "x.example", true], ["*.example", "example", false],
  ])("%s covers \"%s\": %s", (pattern, address, covers) => {
    expect(coversAddress(pattern, address)).toBe(covers);
  });
});

describe("a config", () => {
  const read = (text: string): ReturnType<typeof loadConfig> => loadConfig("/project/runbook.config.yml", "runbook.config.yml", filesOf({ "runbook.config.yml": text }));

  test("names folders and files relative to itself", () => {
    expect(read("config: 1\nrunbooks: procedures\ninventory: inv/inventory.yml\nsystem: twin\n").config).toMatchObject({
      folder: "/project", runbooksFolder: "/project/procedures", inventory: { path: "/project/inv/inventory.yml", text: "inv/inventory.yml" }, system: { name: "twin" },
    });
    expect(read("config: 1\n").config).toMatchObject({ runbooksFolder: "/project/runbooks", inventory: undefined, system: undefined });
  });

  test("that names a system names an inventory too", () => {
    expect(shown(read("config: 1\nsystem: twin\n").diagnostics)).toEqual(["runbook.config.yml:2:9 system-without-inventory: `system` names a system of an inventory, and the config names none"]);
  });

  test.each([
    ["twin", []],
    ["lab", ["runbook.config.yml:3:9 real-default-system: `lab` is a real system, and only a simulated one can be the default"]],
    ["twins", ["runbook.config.yml:3:9 unknown-system: there is no system `twins` in inventory.yml"]],
  ])("with the default system %s has the faults %j", (system, expected) => {
    const { config } = read(`config: 1\ninventory: inv/inventory.yml\nsystem: ${system}\n`);
    expect(config === undefined ? undefined : shown(checkDefaultSystem(config, inventoryOf(REAL)))).toEqual(expected);
  });
});

describe("a machine that is reached by PowerShell", () => {
  const one = (options: string): string => `inventory: 1\ntransports:\n  NODEA: { kind: powershell${options} }\nsystems:\n  a: {}\n`;

  test("has the options that the rule gives, and no others", () => {
    const rule = (options: string) => inventoryOf(one(options)).transports[0];
    expect(rule("")).toEqual({ kind: "powershell", pattern: "NODEA", span: expect.anything() });
    expect(rule(", host: a.lab, via: ssh, user: me, port: 2222, configuration: role, executable: pwsh")).toEqual({
      kind: "powershell", host: "a.lab", via: "ssh", user: "me", port: 2222, configuration: "role", executable: "pwsh", pattern: "NODEA", span: expect.anything(),
    });
  });

  test.each([", user: me", ", via: computer, user: me"])("takes no account by computer name:%s", (options) => {
    expect(faultsOf(one(options))).toEqual([expect.stringContaining("user-without-ssh: `user` needs `via: ssh`: by computer name the account that runs runbook connects")]);
  });

  test("has no host under a pattern, which covers many", () => {
    expect(faultsOf(one(", host: a.lab").replace("NODEA", "default"))).toEqual([expect.stringContaining("host-of-many")]);
  });
});

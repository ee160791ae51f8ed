import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import { changesOf } from "../kit/changes.ts";
import { changedWorld, runOnWorld, type CcrTrial } from "../kit/ccr-kit.ts";

const INPUTS = { passive: "NODEB", active: "NODEA", file: "Exchange2007-KB945684-x64-EN.msp", folder: "C:\\Rollup" };
const PACKAGE = `${INPUTS.folder}\\${INPUTS.file}`;
const SETUP = ["NODEB moves Available Storage", "NODEB put", "NODEB msiexec.exe"];

type Change = readonly [string, string];
const onSetup = (rest: string): Change => ["\npeople:", `\nevents:\n  - { on: { command: msiexec.exe }, ${rest} }\n\npeople:`];
const exits = (code: number, rest = ""): Change => onSetup(`install: { exit_code: ${code}${rest} }`);
const nodeB = (what: string): Change => ["NODEB: {}", `NODEB: { ${what} }`];
const person = (answer: string): Change => ["    answers:\n", `    answers:\n      - ${answer}\n`];

async function update(changes: readonly Change[], inputs: Readonly<Record<string, string>> = {}): Promise<CcrTrial & { readonly did: readonly string[]; readonly asked: readonly string[] }> {
  const world = await changedWorld("two-node", ...changes);
  const trial = await runOnWorld(world, { file: "runbooks/parts/update-passive-node.yml", inputs: { ...INPUTS, ...inputs } });
  expect(world.state.breaches).toEqual([]);
  return { ...trial, did: changesOf(trial.events), asked: trial.events.flatMap((event) => (event.type === "question-asked" ? [event.question] : [])) };
}
const jobsOf = (events: readonly Event[]): readonly (string | undefined)[] => events.flatMap((event) => (event.type === "action-started" && event.action.what.kind === "job" ? [event.action.job] : []));

describe("a package that setup cannot open", () => {
  test("is looked at, copied again where it is gone, and installed in a second try with a job of its own", async () => {
    const { end, did, events, statuses } = await update([nodeB("files: { 'C:\\Rollup\\notes.txt': { text: keeps the folder } }"), onSetup(`does: [{ remove_file: { node: NODEB, path: '${PACKAGE}' } }]`)]);
    expect(end.result, end.because).toBe("succeeded");
    expect(did).toEqual([...SETUP, "NODEB put", "NODEB msiexec.exe"]);
    expect(statuses).toMatchObject({ copy_again: "ok", install_again: "ok", restart_first: "skipped" });
    expect(new Set(jobsOf(events)).size).toBe(2);
  });
  test("is not copied where it is the same still, and tried once more all the same", async () => {
    const { end, did, statuses } = await update([exits(1619)]);
    expect(end.result, end.because).toBe("succeeded");
    expect(did).toEqual([...SETUP, "NODEB msiexec.exe"]);
    expect(statuses["copy_again"]).toBe("unchanged");
    expect(end.outputs).toMatchObject({ exit_code: 0, build: "8.1.263.1" });
  });
  test("is tried no third time", async () => {
    const { end, did } = await update([["\npeople:", "\nevents:\n  - { on: { command: msiexec.exe, times: 3 }, install: { exit_code: 1635 } }\n\npeople:"]]);
    expect(end.because).toMatch(/^install_again: msiexec ended with 1635 .*Copy it again and compare its hash/);
    expect(did).toEqual([...SETUP, "NODEB msiexec.exe"]);
  });
});

describe("a node that must be restarted before setup", () => {
  const question = "Setup on NODEB did not begin, and the node was restarted. Run it again?";
  test("is restarted under control, and setup is run again when somebody has said yes", async () => {
    const { end, did, asked } = await update([nodeB("installer: { safe_mode: true }"), person(`{ kind: approve, question: "${question}", answer: "yes" }`)]);
    expect(end.result, end.because).toBe("succeeded");
    expect(did).toEqual([...SETUP, "NODEB shutdown.exe", "NODEB msiexec.exe"]);
    expect(asked).toEqual([question]);
  });
  test("waits for that answer", async () => {
    const { end, did } = await update([exits(1604)]);
    expect(end.result).toBe("waiting");
    expect(did).toEqual([...SETUP, "NODEB shutdown.exe"]);
  });
});

describe("the service of the Windows Installer", () => {
  test("is started once, and setup again", async () => {
    const { end, did } = await update([exits(1631)]);
    expect(end.result, end.because).toBe("succeeded");
    expect(did).toEqual([...SETUP, "NODEB sc.exe", "NODEB msiexec.exe"]);
  });
  const disabled = nodeB("services: { msiserver: { start_mode: Disabled } }");
  test("that is Disabled is a question for a person", async () => {
    const { end, asked } = await update([disabled]);
    expect(end.result).toBe("waiting");
    expect(asked).toEqual(["Setup on NODEB ended before it changed anything (installer_unavailable). Start it again?"]);
  });
  test("that a person has put right lets setup begin", async () => {
    const { end, did } = await update([disabled, person("{ kind: choose, question: installer_unavailable, answer: again, does: [{ service: { node: NODEB, name: msiserver, start_mode: Manual } }] }")]);
    expect(end.result, end.because).toBe("succeeded");
    expect(did).toEqual([...SETUP, "NODEB sc.exe", "NODEB msiexec.exe", "NODEB msiexec.exe"]);
  });
});

describe("what only a person can cure, before anything is changed", () => {
  test.each<[string, string, string]>([
    ["a policy against patches", "installer: { policy: no_patches }", "forbidden"],
    ["a full disk", "free_disk: { C: 100MB }", "no_space"],
    ["a cached package that is gone", "installer: { cache: missing }", "source_missing"],
  ])("%s is asked about", async (_case, what, code) => {
    const { end, did, asked } = await update([nodeB(what)]);
    expect(end.result, end.because).toBe("waiting");
    expect(did).toEqual(SETUP);
    expect(asked).toEqual([`Setup on NODEB ended before it changed anything (${code}). Start it again?`]);
  });
  test("a stop ends the run with cause and cure", async () => {
    const { end } = await update([exits(1612), person("{ kind: choose, question: source_missing, answer: stop, reason: the media are in the other building }")]);
    expect(end.because).toMatch(/^install: msiexec ended with 1612 .*installation media.*operator said stop: the media are in the other building$/);
  });
});

describe("what nobody can cure from here stops the run", () => {
  test.each<[string, readonly Change[], RegExp]>([
    ["an old Windows Installer", [nodeB("installer: { version: '2.0' }")], /1637.*Install Windows Installer 4\.5/],
    ["a remote session that may not install", [nodeB("installer: { remote: prohibited }")], /1645.*another transport/],
    ["a person who cancels", [exits(1602)], /1602.*at the console/],
    ["a setup that fails, with what its log says", [exits(1603, ", fails_in: restore")], /1603.*The log says: .*Error 1920\. Service 'Microsoft Exchange Service Host'.*`, `Action ended: StartServices\. Return value 3\.`, `MainEngineThread is returning 1603`\. Log on the node: C:\\Rollup/],
  ])("%s", async (_case, changes, because) => {
    const { end } = await update(changes);
    expect(end.result).toBe("stopped");
    expect(end.because).toMatch(because);
    expect(end.owed).toEqual([]);
  });
  test("or lets a person have it run again, where that is wanted, after the services were given back", async () => {
    const { end, did } = await update([exits(1603, ", services: disabled"), person("{ kind: choose, question: msiexec ended with 1603, answer: retry }")], { when_setup_fails: "ask" });
    expect(end.result, end.because).toBe("succeeded");
    expect(did.filter((line) => line.endsWith("msiexec.exe"))).toHaveLength(2);
    expect(did.slice(3, -1).every((line) => line === "NODEB sc.exe")).toBe(true);
  });
});

describe("a setup that takes its time", () => {
  const warnings = (events: readonly Event[]): readonly string[] => events.flatMap((event) => (event.type === "warning" ? [event.code] : []));
  test("is waited for, with one warning after 45 minutes", async () => {
    const { end, events, asked } = await update([onSetup("install: { images: 80m }")]);
    expect(end.result, end.because).toBe("succeeded");
    expect(warnings(events)).toEqual(["slow_setup"]);
    expect(asked).toEqual([]);
  });
  test("is asked about after two hours, and every hour while somebody wants to wait", async () => {
    const { end, asked } = await update([onSetup("install: { images: 200m }"), person('{ kind: choose, question: "Go on waiting?", answer: wait }')]);
    expect(end.result, end.because).toBe("succeeded");
    expect(asked).toEqual(["Setup on NODEB runs for more than 2h. Go on waiting?", "Setup on NODEB runs for more than 2h. Go on waiting?"]);
  });
  test("and hangs is left alone when somebody ends the wait; what is owed stays owed", async () => {
    const { end, did } = await update([onSetup("install: { hangs_in: patch }"), person('{ kind: choose, question: "Go on waiting?", answer: stop, reason: I go there }')]);
    expect(end).toMatchObject({ result: "stopped", owed: ["setup"] });
    expect(end.because).toMatch(/nothing was written for 2\dm, probably because a dialog waits.*operator ended the wait: I go there\. msiexec was not ended/);
    expect(did).toEqual(SETUP);
  });
});

describe("services", () => {
  test("that setup left otherwise than before are given back, and told as an open item", async () => {
    const { end } = await update([onSetup("install: { start_modes: { MSExchangeSearch: Manual } }")]);
    expect(end.result, end.because).toBe("succeeded");
    expect(end.openItems).toMatchObject([{ step: "services_left", because: expect.stringMatching(/Setup on NODEB left services otherwise than before; given back were MSExchangeSearch/) as string }]);
  });
  test("get back a delayed start that setup lost", async () => {
    const { end, events } = await update([nodeB("services: { MSExchangeSearch: { delayed: true } }"), onSetup("install: { exit_code: 1603, services: disabled }")]);
    expect(end.result).toBe("stopped");
    expect(events.flatMap((event) => (event.type === "action-started" && event.action.what.kind === "program" && event.action.what.args[3] === "delayed-auto" ? [event.action.what.args[1]] : []))).toEqual(["MSExchangeSearch"]);
  });

  const slowStart: readonly Change[] = [nodeB("crl_reachable: false"), ["\npeople:", "\ndurations: { managed_start: 40s }\n\npeople:"]];
  test("that miss their 30 seconds are started twice, then a person is asked", async () => {
    const { end, did, asked } = await update(slowStart);
    expect(end.result).toBe("waiting");
    expect(asked[0]).toMatch(/^MSExchange.* on NODEB did not start\. Start it again\?$/);
    expect(did.slice(0, 3)).toEqual(SETUP);
  });
  test("start in time where the check for revoked certificates is left out, and the setting is given back", async () => {
    const { end, did } = await update(slowStart, { revocation_check: "off_during_setup" });
    expect(end.result, end.because).toBe("succeeded");
    expect(did.filter((line) => line === "NODEB reg.exe").length).toBeGreaterThan(1);
    expect(did.at(-1)).toBe("NODEB reg.exe");
  });
  test("of a cluster that stays down are started once, then a person is asked", async () => {
    const stays = ["\npeople:", "\nevents:\n  - { on: { command: msiexec.exe }, install: { cluster_service: stopped } }\n  - { on: { command: sc.exe start ClusSvc }, reply: { exit_code: 1069 } }\n\npeople:"] as const;
    const { end, did, asked } = await update([stays]);
    expect(end.result).toBe("waiting");
    expect(asked).toEqual(["The Cluster service of NODEB does not come back. Start it again?"]);
    expect(did).toEqual([...SETUP, "NODEB sc.exe"]);
    const cured = await update([stays, person("{ kind: choose, question: The Cluster service of NODEB, answer: again }")]);
    expect(cured.end.result, cured.end.because).toBe("succeeded");
  });
});

test("a node below the build by its numbers, not by its letters, is updated", async () => {
  const { end } = await update([["version: 8.1.240.6", "version: 8.3.83.6"], ["target: 8.1.240.6", "target: 8.3.83.6"], ["build: 8.1.263.1", "build: 8.3.245.2"], ["(KB945684) 8.1.263.1", "(KB945684) 8.3.245.2"]], { build: "8.3.245.2" });
  expect(end.result, end.because).toBe("succeeded");
  expect(end.outputs).toMatchObject({ build_before: "8.3.83.6", build: "8.3.245.2" });
});

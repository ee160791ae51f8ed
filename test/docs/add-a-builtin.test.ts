import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnyBuiltin, Facts, Past, PastAct } from "../../src/core/builtin.ts";
import { blocksOf } from "./blocks.ts";
import { PROJECT } from "./project.ts";

const folder = mkdtempSync(join(tmpdir(), "add-a-builtin-"));
const file = join(folder, "timezone.ts");
let builtin: AnyBuiltin;

beforeAll(async () => {
  const block = blocksOf("docs/add-a-builtin.md").find(({ language }) => language === "ts");
  const text = (block?.text ?? "").replaceAll('"../../core/', `"${join(PROJECT, "src/core").replaceAll("\\", "/")}/`);
  writeFileSync(file, text);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const options = { extends: join(PROJECT, "tsconfig.json"), compilerOptions: { typeRoots: [join(PROJECT, "node_modules/@types")] }, include: [], files: [file] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
  const loaded = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { readonly linuxTimezone: unknown };
  builtin = loaded.linuxTimezone as AnyBuiltin;
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What the reading answers when the machine is in a zone. */
function inZone(zone: string): Facts {
  return { zone: { kind: "ok", value: { exitCode: 0, stdout: `${zone}\n`, stderr: "", droppedBytes: 0 } } };
}

const SET: PastAct = { attempt: 1, action: "set", fill: {}, outcome: "ok", startedMs: 0 };
const NEW: Past = { attempt: 1, elapsedMs: 0, acts: [], answers: [] };
const AFTER: Past = { ...NEW, acts: [SET], previous: inZone("Europe/Berlin") };
const HERE = { address: "local", isLocal: true };

describe("the builtin of the manual", () => {
  test("compiles under the project's own rules", () => {
    const compiler = spawnSync(process.execPath, [join(PROJECT, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8" });
    expect(compiler.stdout).toBe("");
    expect(compiler.status).toBe(0);
  });

  test.each([
    ["changes nothing where the zone is set", inZone("Etc/UTC"), NEW, { kind: "done", outputs: { zone: "Etc/UTC" } }],
    ["sets another zone", inZone("Europe/Berlin"), NEW, { kind: "act", actions: [{ action: "set" }] }],
    ["says what the zone was before", inZone("Etc/UTC"), AFTER, { kind: "done", outputs: { zone: "Etc/UTC", before: "Europe/Berlin" } }],
    ["fails where it was set and is not", inZone("Europe/Berlin"), AFTER, { kind: "fail", code: "zone_refused" }],
    ["refuses where nothing can be read", { zone: { kind: "lost", because: "no answer" } } satisfies Facts, NEW, { kind: "refuse", code: "unreachable" }],
  ] as const)("%s", (_sentence, facts, past, decision) => {
    expect(builtin.decide({ zone: "Etc/UTC" }, facts, past, HERE)).toMatchObject(decision);
  });

  test("sets the zone with an argument list, not a line", () => {
    expect(builtin.actions["set"]?.make({ zone: "Etc/UTC" }, {})).toEqual({ kind: "program", program: "timedatectl", args: ["set-timezone", "Etc/UTC"] });
  });
});

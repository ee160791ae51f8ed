import { describe, expect, test } from "vitest";
import { exchangeCustomizations } from "../../../src/builtins/exchange/customizations.ts";
import type { Fact, Facts } from "../../../src/core/builtin.ts";
import { LOST, pastOf, PLACE, printed, read } from "../turns.ts";
import { ABSENT, key } from "../windows/a-registry.ts";

const FOLDER = key(["MsiInstallPath", "REG_SZ", "E:\\Exchange\\"]);
const HOOK = "E:\\Exchange\\Scripts\\Customization\\CustomPatchInstallerActions.ps1";
const LOGON = "E:\\Exchange\\ClientAccess\\Owa\\auth\\logon.aspx";
const COMPLETE = printed("function PrePatchInstallActions {\r\nfunction PostPatchInstallActions {\r\nfunction PatchRollbackActions {\r\n");

const file = (sha256: string): Fact => read({ exists: true, folder: false, bytes: 1200, sha256 });
const NONE = read({ exists: false, folder: false, bytes: 0, sha256: "" });

/** Turns until every reading is there: what is at a path, and what `findstr` prints. */
function decided(there: Readonly<Record<string, Fact>>, sections: Fact = printed("", 1), also: readonly string[] = []): ReturnType<typeof exchangeCustomizations.decide> {
  const facts: Record<string, Fact> = { setup_path: FOLDER };
  for (let open = true; open;) {
    open = false;
    for (const [name, { action, fill }] of Object.entries(exchangeCustomizations.look({ also }, facts, pastOf()))) {
      if (facts[name] !== undefined) continue;
      open = true;
      facts[name] = action === "find_sections" ? sections : (there[fill?.["path"] ?? ""] ?? NONE);
    }
  }
  return exchangeCustomizations.decide({ also }, facts, pastOf(), PLACE);
}

const outputsOf = (decision: ReturnType<typeof exchangeCustomizations.decide>): Record<string, unknown> => (decision.kind === "done" ? { ...decision.outputs } : { decision });

describe("exchange.customizations", () => {
  test("nothing is there on a node that nobody touched", () => {
    expect(outputsOf(decided({}))).toMatchObject({ folder: "E:\\Exchange", files: [], owa_files: [] });
    expect(outputsOf(decided({}))).not.toHaveProperty("hook_script");
  });

  test("a page of Outlook Web Access is found and hashed, relative to where Exchange is", () => {
    expect(outputsOf(decided({ [LOGON]: file("aa") }))).toMatchObject({ files: [{ name: "ClientAccess\\Owa\\auth\\logon.aspx", bytes: "1200B", sha256: "aa" }], owa_files: ["ClientAccess\\Owa\\auth\\logon.aspx"] });
  });

  test("files of one's own are looked at too, each once", () => {
    const path = "E:\\Exchange\\Bin\\x.config";
    expect(outputsOf(decided({ [path]: file("bb") }, undefined, ["Bin/x.config", "bin\\X.CONFIG"]))).toMatchObject({ files: [{ name: "Bin\\x.config" }], owa_files: [] });
  });

  test("a folder of that name is no file", () => {
    expect(outputsOf(decided({ [LOGON]: read({ exists: true, folder: true, bytes: 0, sha256: "" }) }))).toMatchObject({ files: [] });
  });

  test.each<[string, Fact, readonly string[], string]>([
    ["with its three sections it is run", COMPLETE, ["PrePatchInstallActions", "PostPatchInstallActions", "PatchRollbackActions"], "complete"],
    ["without one it is ignored", printed("function prepatchinstallactions {\r\nfunction PostPatchInstallActions {\r\n"), ["PrePatchInstallActions", "PostPatchInstallActions"], "ignored"],
    ["a comment is no section", printed("function PrePatchInstallActions {\r\nfunction PostPatchInstallActions {\r\n  # PatchRollbackActions\r\n"), ["PrePatchInstallActions", "PostPatchInstallActions"], "ignored"],
    ["an empty one is ignored", printed("", 1), [], "ignored"],
  ])("the hook script: %s", (_title, lines, sections, state) => {
    expect(outputsOf(decided({ [HOOK]: file("cc") }, lines))["hook_script"]).toEqual({ name: "Scripts\\Customization\\CustomPatchInstallerActions.ps1", bytes: "1200B", sha256: "cc", sections, state });
  });

  test("a hook script that cannot be opened is not taken for an empty one", () => {
    expect(decided({ [HOOK]: file("cc") }, printed("", 1, "FINDSTR: Cannot open x"))).toMatchObject({ kind: "refuse", code: "unreadable" });
  });

  test("two nodes have one fingerprint only with the same names and hashes", () => {
    const print = (there: Readonly<Record<string, Fact>>): unknown => outputsOf(decided(there, COMPLETE))["fingerprint"];
    expect(print({ [LOGON]: file("aa") })).toBe(print({ [LOGON]: file("aa") }));
    expect(print({ [LOGON]: file("aa") })).not.toBe(print({ [LOGON]: file("ab") }));
    expect(print({ [LOGON]: file("aa") })).not.toBe(print({}));
    expect(print({ [LOGON]: file("aa"), [HOOK]: file("cc") })).not.toBe(print({ [LOGON]: file("aa") }));
  });

  test.each<[string, Facts, object]>([
    ["a node without Exchange", { setup_path: ABSENT }, { kind: "refuse", code: "not_found" }],
    ["a node that does not answer", { setup_path: FOLDER, file_0: LOST }, { kind: "refuse", code: "unreachable" }],
  ])("%s is refused", (_title, facts, decision) => {
    expect(exchangeCustomizations.decide({ also: [] }, facts, pastOf(), PLACE)).toMatchObject(decision);
  });
});

import { describe, expect, test } from "vitest";
import { exchangePackage } from "../../../src/builtins/exchange/package.ts";
import type { SourceResult } from "../../../src/core/action.ts";
import type { Fact } from "../../../src/core/builtin.ts";
import type { Patch, PatchReading } from "../../../src/core/patch.ts";
import { LOST, pastOf, PLACE, read, refused } from "../turns.ts";

const path = "/packages/Exchange2007-KB945684-x64-EN.msp";
const PRODUCT = "{24B2C164-DE66-44FE-B468-A46D9D5E6B31}";
const ROLLUP: Patch = {
  patchCode: "{703A6A47-37A6-CCBB-87FC-0A790B223E87}",
  replaces: [],
  productCodes: [PRODUCT],
  baseVersions: ["8.1.240.6"],
  architectures: ["x64"],
  subject: "Update Rollup 1 for Exchange Server 2007 Service Pack 1 (KB945684)",
  displayName: "Update Rollup 1 for Exchange Server 2007 Service Pack 1 (KB945684) 8.1.263.1",
  kb: "945684",
  build: "8.1.263.1",
  minimumInstaller: "3.0",
  signature: { kind: "covers-content", signer: "Microsoft Corporation", thumbprint: "AB", signedAt: "2008-02-28T12:00:00.000Z" },
};

/** A file that lies there, with what it says as a patch. */
function file(patch: PatchReading, parts: Partial<SourceResult> = {}): Fact {
  return read({ exists: true, bytes: 58_000_000, sha256: "ab", folder: false, patch, ...parts });
}

function rollup(parts: Partial<Patch> = {}): Fact {
  return file({ kind: "ok", value: { ...ROLLUP, ...parts } });
}

function unfit(code: string, because: string): Fact {
  return file({ kind: "error", error: { code, because } });
}

function decided(fact: Fact): object {
  return exchangePackage.decide({ path }, { file: fact }, pastOf(), PLACE);
}

test("its one look reads the file as a patch, and changes nothing", () => {
  expect(exchangePackage.look({ path }, {}, pastOf())).toEqual({ file: { action: "file" } });
  expect(exchangePackage.actions["file"]?.make({ path }, {})).toEqual({ kind: "source", path, as: "patch" });
  expect(exchangePackage.actions["file"]?.effect).toBe("reads");
});

describe("a rollup for Exchange Server 2007", () => {
  test("says all that it is", () => {
    expect(decided(rollup())).toEqual({
      kind: "done",
      outputs: {
        bytes: "58MB", sha256: "ab", patch_code: ROLLUP.patchCode, replaces: [], product_codes: [PRODUCT], base_versions: ["8.1.240.6"], architectures: ["x64"],
        subject: ROLLUP.subject, display_name: ROLLUP.displayName, kb: "945684", build: "8.1.263.1", minimum_installer: "3.0",
        signed: "covers_content", signer: "Microsoft Corporation", thumbprint: "AB", signed_at: "2008-02-28T12:00:00.000Z",
      },
      because: `${path} is a patch (KB945684) for Exchange Server 2007 8.1.240.6, x64, signed by Microsoft Corporation`,
    });
  });

  test("what it does not say is absent", () => {
    expect(decided(rollup({ subject: "", displayName: undefined, kb: undefined, build: undefined, minimumInstaller: undefined, baseVersions: [], architectures: [], signature: { kind: "none" } }))).toEqual({
      kind: "done",
      outputs: { bytes: "58MB", sha256: "ab", patch_code: ROLLUP.patchCode, replaces: [], product_codes: [PRODUCT], base_versions: [], architectures: [], signed: "none" },
      because: `${path} is a patch for Exchange Server 2007 of a version that it does not name, not signed`,
    });
  });

  test.each<[string, Partial<Patch>, object]>([
    ["of another line is an answer, for the runbook to compare", { baseVersions: ["8.2.176.2"] }, { base_versions: ["8.2.176.2"] }],
    ["for another architecture is an answer, too", { architectures: ["x86"] }, { architectures: ["x86"] }],
    ["that is for further products as well is one", { productCodes: ["{00000000-0000-0000-0000-000000000001}", PRODUCT] }, { product_codes: ["{00000000-0000-0000-0000-000000000001}", PRODUCT] }],
    ["signed without a timestamp has no time", { signature: { kind: "covers-content", signer: "", thumbprint: "AB", signedAt: undefined } }, { signed: "covers_content", thumbprint: "AB" }],
  ])("%s", (_title, parts, outputs) => {
    expect(decided(rollup(parts))).toMatchObject({ kind: "done", outputs });
  });
});

describe("what cannot be installed is refused, with a cause and a cure", () => {
  test.each<[string, Fact, string, RegExp]>([
    ["no file", read({ exists: false, bytes: 0, sha256: "", folder: false }), "not_found", /nothing lies there. Download/],
    ["a folder", read({ exists: true, bytes: 0, sha256: "", folder: true }), "is_folder", /name the file in it/],
    ["a web page", unfit("not_compound", "the file is no OLE compound file"), "not_compound", /no OLE compound file/],
    ["a file that was cut off", unfit("truncated", "the file ends after 5 bytes"), "truncated", /ends after 5 bytes/],
    ["a damaged file", unfit("damaged", "the file is damaged"), "damaged", /is damaged/],
    ["an installation package", unfit("not_a_patch", "it is an installation package"), "not_a_patch", /installation package/],
    ["a far too large file", unfit("too_large", "the file has 5GB"), "too_large", /5GB/],
    ["a patch for another product", rollup({ productCodes: ["{11111111-1111-1111-1111-111111111119}"], subject: "Update of another product" }), "other_product", /for another product \(Update of another product\), not for Exchange Server 2007 \(\{24B2C164/],
    ["a nameless patch for another product", rollup({ productCodes: ["{11111111-1111-1111-1111-111111111119}"], subject: "" }), "other_product", /\(\{11111111-1111-1111-1111-111111111119\}\)/],
    ["a patch that was changed after it was signed", rollup({ signature: { kind: "does-not-cover", because: "Microsoft Corporation signed another content" } }), "does_not_cover", /Microsoft Corporation signed another content.*download it again.*`Get-AuthenticodeSignature`/],
  ])("%s", (_title, fact, code, because) => {
    expect(decided(fact)).toEqual({ kind: "refuse", code, because: expect.stringMatching(because) as string });
    expect(Object.keys({ ...exchangePackage.codes, not_found: "" })).toContain(code);
    expect(decided(fact)).toMatchObject({ because: expect.stringContaining(path) as string });
  });

  test.each<[string, Fact, object]>([
    ["a file that may not be read", refused("denied", "the account may not use it"), { kind: "refuse", code: "denied" }],
    ["a reading that was lost", LOST, { kind: "refuse", code: "unreachable" }],
    ["a port that read no patch", read({ exists: true, bytes: 1, sha256: "ab", folder: false }), { kind: "refuse", code: "not_known" }],
  ])("%s", (_title, fact, decision) => {
    expect(decided(fact)).toMatchObject(decision);
  });
});

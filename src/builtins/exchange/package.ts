import { defineBuiltin } from "../../core/builtin.ts";
import type { Patch, PatchSignature } from "../../core/patch.ts";
import { formatSize } from "../../core/quantity.ts";
import { parseReading, withoutReading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { EXCHANGE_PRODUCT } from "./shared/product.ts";

/** What the signature gives: one that does not cover the content was refused before. */
function signatureOutputs(signature: PatchSignature): { signed: "none" | "covers_content"; signer?: string; thumbprint?: string; signed_at?: string } {
  if (signature.kind !== "covers-content") return { signed: "none" };
  const { signer, thumbprint, signedAt } = signature;
  return { signed: "covers_content", thumbprint, ...(signer === "" ? {} : { signer }), ...(signedAt === undefined ? {} : { signed_at: signedAt }) };
}

/** The patch in a sentence: "a patch (KB945684) for Exchange Server 2007 8.1.240.6, x64, signed by …". */
function sentence({ kb, baseVersions, architectures, signature }: Patch): string {
  const signed = signature.kind === "covers-content" ? `signed by ${signature.signer === "" ? "a nameless certificate" : signature.signer}` : "not signed";
  return `a patch${kb === undefined ? "" : ` (KB${kb})`} for Exchange Server 2007 ${baseVersions.join(", ") || "of a version that it does not name"}, ${[...architectures, signed].join(", ")}`;
}

/** `exchange.package`: what an update rollup says of itself. */
export const exchangePackage = defineBuiltin({
  name: "exchange.package",
  title: "Read what an update rollup says of itself",
  docs: `Reads a rollup file (\`.msp\`) on the machine that runs the runbook, without Windows and before anything depends on it: which
product and which service pack it fits, for which architecture, which build it brings, and whether its signature covers what lies in it.

The file name proves nothing: it names neither the service pack nor the build. \`base_versions\` are the versions of the installed product that
the rollup's own transforms lead from; setup refuses every other with 1642. \`architectures\` come from there, too. \`kb\`, \`display_name\` and
\`build\` are what the rollup calls itself; compare the installed build afterwards.

A file that is missing, cut off, damaged, no patch, or a patch for another product is refused, with a code of its own. So is one whose
signature does not cover its content: it was changed after it was signed. \`signed\` is \`covers_content\` where the certificate in the signature made
it, and for this very content. Whether that certificate is to be trusted takes the roots of a Windows machine and is not judged here: compare \`signer\`,
and where it matters \`thumbprint\`, and see \`Get-AuthenticodeSignature\` there. \`signed_at\` is what the timestamp says.

Source: domain page, 4.1 to 4.3 and 4.8; F10, F16.`,
  examples: [{
    title: "The rollup fits the service pack",
    yaml: `- id: package
  uses: exchange.package
  with: { path: packages/Exchange2007-KB945684-x64-EN.msp }
  expect:
    - that: outputs.base_versions.exists(base, base == version("8.1.240.6"))
      because: "The rollup is for {{join outputs.base_versions}}, and 8.1.240.6 is installed."
    - that: '"x64" in outputs.architectures'
      because: "The rollup is for {{join outputs.architectures}}."`,
  }],
  inputs: { path: { type: "string", format: "file", description: "The rollup, on this machine" } },
  outputs: {
    bytes: { type: "size", description: "Its size" },
    sha256: { type: "string", format: "sha256", description: "Its hash" },
    patch_code: { type: "string", description: "The code under which Windows Installer registers it, in braces" },
    replaces: { type: "list", items: { type: "string" }, description: "Codes of the patches that it replaces" },
    product_codes: { type: "list", items: { type: "string" }, description: "Codes of the products that it is for; Exchange Server 2007 is among them" },
    base_versions: { type: "list", items: { type: "string", format: "version" }, description: "Versions of the installed product that it fits, such as 8.1.240.6; empty where it names none" },
    architectures: { type: "list", items: { type: "string", enum: ["x64", "x86", "ia64"] }, description: "Empty where it names none" },
    subject: { type: "string", required: false, description: "What it is for, in its own words" },
    display_name: { type: "string", required: false, description: "The name under which Windows lists it once it is installed" },
    kb: { type: "string", required: false, description: "Number of its Knowledge Base article, where its names hold one" },
    build: { type: "string", format: "version", required: false, description: "The build that it brings, where it names one" },
    minimum_installer: { type: "string", format: "version", required: false, description: "The oldest Windows Installer that can apply it" },
    signed: { type: "string", enum: ["none", "covers_content"], description: "Whether it is signed; a signature that does not cover the content is refused" },
    signer: { type: "string", required: false, description: "Name in the certificate that signed it" },
    thumbprint: { type: "string", required: false, description: "Thumbprint of that certificate (SHA-1), as Windows shows it" },
    signed_at: { type: "string", format: "time", required: false, description: "When it was signed, as the timestamp says" },
  },
  codes: {
    is_folder: "a folder stands where the rollup is expected",
    not_compound: "the file is no OLE compound file, so no patch either: often a web page that was saved under its name",
    truncated: "the file ends before its content does",
    damaged: "the parts of the file contradict each other",
    too_large: "the file is far larger than any rollup",
    not_a_patch: "the file is an OLE file of another kind, such as an installation package",
    other_product: "the patch is not for Exchange Server 2007",
    does_not_cover: "the file is signed, and its signature does not cover what lies in it",
  },
  place: "none",
  timeoutMs: 600_000,
  actions: {
    file: { effect: "reads", title: "Read what the rollup says of itself", make: (inputs) => ({ kind: "source", path: inputs.path, as: "patch" }) },
  },
  look: () => ({ file: { action: "file" } }),
  decide({ path }, facts, past) {
    const file = parseReading(facts, "file", "source", ok);
    if (file.kind === "error") return withoutReading(past, file.error);
    const { exists, folder, bytes, sha256, patch } = file.value;
    const refuse = (code: string, because: string) => ({ kind: "refuse" as const, code, because: `${path}: ${because}` });
    if (!exists) return refuse("not_found", "nothing lies there. Download the rollup from the Microsoft Download Center to this machine: Microsoft Update does not offer it on clusters");
    if (folder) return refuse("is_folder", "this is a folder; name the file in it");
    if (patch === undefined) return withoutReading(past, { code: "not_known", because: `${path} was not read as a patch` });
    if (patch.kind === "error") return refuse(patch.error.code, patch.error.because);
    const { value } = patch;
    if (!value.productCodes.includes(EXCHANGE_PRODUCT)) {
      return refuse("other_product", `the patch is for another product (${value.subject === "" ? value.productCodes.slice(0, 3).join(", ") : excerpt(value.subject)}), not for Exchange Server 2007 (${EXCHANGE_PRODUCT}). Download the rollup for Exchange Server 2007`);
    }
    if (value.signature.kind === "does-not-cover") {
      return refuse("does_not_cover", `the signature of the patch does not hold: ${value.signature.because}. The file was damaged or changed; download it again from Microsoft. \`Get-AuthenticodeSignature\` on a Windows machine shows the same`);
    }
    return {
      kind: "done",
      outputs: {
        bytes: formatSize(bytes),
        sha256,
        patch_code: value.patchCode,
        replaces: value.replaces,
        product_codes: value.productCodes,
        base_versions: value.baseVersions,
        architectures: value.architectures,
        ...(value.subject === "" ? {} : { subject: value.subject }),
        ...(value.displayName === undefined ? {} : { display_name: value.displayName }),
        ...(value.kb === undefined ? {} : { kb: value.kb }),
        ...(value.build === undefined ? {} : { build: value.build }),
        ...(value.minimumInstaller === undefined ? {} : { minimum_installer: value.minimumInstaller }),
        ...signatureOutputs(value.signature),
      },
      because: `${path} is ${sentence(value)}`,
    };
  },
});

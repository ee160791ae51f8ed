import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "cfb";
import { NO_PATCHES, PACKAGES, PUBLISHER, SIGNED_AT, type MadePackage } from "./packages.ts";

// Makes the packages of examples/packages and test/formats/packages anew. They are checked in: this is run only to change them.
// Needs Debian's msitools, libgsf-bin, osslsigncode and openssl. Each run signs with a new key, so the bytes differ from run to run.

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PATCH_CLASS = "86100c0000000000c000000000000046";
const TRANSFORM_CLASS = "82100c0000000000c000000000000046";
const SUMMARY = "\u0005SummaryInformation";
const UPGRADE_CODE = "{E0A5B7C2-0000-4000-8000-200720072007}";
const ENTRY_BYTES = 128;

function run(program: string, args: readonly string[], folder: string): void {
  execFileSync(program, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
}

/** A summary: texts and whole numbers by their number (domain page, 4.8), as a property set of one section. */
function summary(properties: Readonly<Record<number, string | number>>): Buffer {
  const values = [[1, Buffer.from([2, 0, 0, 0, 0xe4, 0x04, 0, 0])], ...Object.entries(properties).map(([id, value]) => {
    if (typeof value === "number") return [Number(id), Buffer.from([3, 0, 0, 0, value, 0, 0, 0])];
    const text = Buffer.from(`${value}\0`, "latin1");
    const bytes = Buffer.alloc(8 + Math.ceil(text.length / 4) * 4);
    bytes.writeUInt32LE(30, 0);
    bytes.writeUInt32LE(text.length, 4);
    text.copy(bytes, 8);
    return [Number(id), bytes];
  })] as [number, Buffer][];
  const index = Buffer.alloc(8 + values.length * 8);
  let at = index.length;
  values.forEach(([id, bytes], number) => {
    index.writeUInt32LE(id, 8 + number * 8);
    index.writeUInt32LE(at, 12 + number * 8);
    at += bytes.length;
  });
  index.writeUInt32LE(at, 0);
  index.writeUInt32LE(values.length, 4);
  const header = Buffer.alloc(48);
  header.writeUInt16LE(0xfffe, 0);
  header.writeUInt32LE(1, 24);
  Buffer.from("e0859ff2f94f6810ab9108002b27b3d9", "hex").copy(header, 28);
  header.writeUInt32LE(48, 44);
  return Buffer.concat([header, index, ...values.map(([, bytes]) => bytes)]);
}

/** A code made from a text: the same text gives the same code. */
function codeOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex").toUpperCase();
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}}`;
}

function displayName({ title, kb, build }: MadePackage): string {
  return `${title} (KB${kb}) ${build}`;
}

/** The streams of a database with the two tables of a patch, by name. */
function databaseStreams(made: MadePackage, folder: string): ReadonlyMap<string, Uint8Array> {
  writeFileSync(join(folder, "MsiPatchMetadata.idt"), ["Company\tProperty\tValue", "S72\ts72\tl0", "MsiPatchMetadata\tCompany\tProperty", "\tAllowRemoval\t1", `\tDisplayName\t${displayName(made)}`, "\tClassification\tUpdate", ""].join("\r\n"));
  writeFileSync(join(folder, "MsiPatchSequence.idt"), ["PatchFamily\tProductCode\tSequence\tAttributes", "s72\tS38\ts72\tI4", "MsiPatchSequence\tPatchFamily\tProductCode", `Exchange2007\t\t${made.build}\t1`, ""].join("\r\n"));
  run("msibuild", ["database.msp", "-i", "MsiPatchMetadata.idt", "-i", "MsiPatchSequence.idt"], folder);
  const { FileIndex } = parse(readFileSync(join(folder, "database.msp")));
  return new Map(FileIndex.filter(({ type }) => type === 2).map(({ name, content }) => [name, Uint8Array.from(content)]));
}

/** Writes the class of storages into the directory of a compound file: the root's, and those of the named ones. */
function setClasses(file: Buffer, classes: Readonly<Record<string, string>>): void {
  const sectorBytes = 2 ** file.readUInt16LE(30);
  const table = (file.readUInt32LE(76) + 1) * sectorBytes;
  for (let sector = file.readInt32LE(48); sector >= 0; sector = file.readInt32LE(table + sector * 4)) {
    for (let at = (sector + 1) * sectorBytes; at < (sector + 2) * sectorBytes; at += ENTRY_BYTES) {
      const length = file.readUInt16LE(at + 64);
      const name = file.readUInt8(at + 66) === 5 ? "" : file.subarray(at, at + Math.max(0, length - 2)).toString("utf16le");
      const found = length === 0 ? undefined : classes[name];
      if (found !== undefined) Buffer.from(found, "hex").copy(file, at + 80);
    }
  }
}

function unsignedPatch(made: MadePackage, folder: string): void {
  const { product, base, kb, title, architecture } = made;
  const parts = join(folder, "parts");
  const streams = new Map(databaseStreams(made, folder));
  streams.set(SUMMARY, summary({ 2: "Patch", 3: `${title} (KB${kb})`, 4: PUBLISHER, 5: "Patch", 7: product, 8: ":T1;:#T1", 9: codeOf(`patch ${kb} ${base} ${architecture}`), 15: 4 }));
  streams.set("T1.cab", Buffer.from(`stand-in of the files of ${title}\n`.repeat(200)));
  for (const transform of ["T1", "#T1"]) {
    streams.set(join(transform, SUMMARY), summary({ 2: "Transform", 7: `${architecture === "x64" ? "x64" : "Intel"};1033`, 9: `${product}${base};${product}${base};${UPGRADE_CODE}` }));
  }
  const at = new Date(SIGNED_AT);
  for (const [name, content] of streams) {
    const path = join(parts, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    utimesSync(path, at, at);
  }
  run("gsf", ["createole", "../patch.msp", ...new Set([...streams.keys()].map((name) => name.split("/")[0] ?? name))], parts);
  const file = readFileSync(join(folder, "patch.msp"));
  setClasses(file, { "": PATCH_CLASS, T1: TRANSFORM_CLASS, "#T1": TRANSFORM_CLASS });
  writeFileSync(join(folder, "patch.msp"), file);
}

function certificate(folder: string, name: string, subject: string, use: string): void {
  run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.pem`, "-days", "36500", "-subj", `/CN=${subject}`, "-addext", `extendedKeyUsage=${use}`], folder);
}

function sign(folder: string, keys: string, names: readonly string[]): Buffer {
  const seconds = String(Date.parse(SIGNED_AT) / 1000);
  run("osslsigncode", ["sign", "-certs", join(keys, "signer.pem"), "-key", join(keys, "signer.key"), "-h", "sha256", "-TSA-certs", join(keys, "clock.pem"), "-TSA-key", join(keys, "clock.key"), "-TSA-time", seconds, ...names, "-in", "patch.msp", "-out", "signed.msp"], folder);
  return readFileSync(join(folder, "signed.msp"));
}

/** The file with the last stand-in line of its cabinet changed. */
function changed(file: Buffer): Buffer {
  const at = file.lastIndexOf("stand-in");
  file.write("STAND-IN", at);
  return file;
}

function make(made: MadePackage, keys: string): Buffer {
  const folder = mkdtempSync(join(keys, "package-"));
  unsignedPatch(made, folder);
  switch (made.signed) {
    case "no": return readFileSync(join(folder, "patch.msp"));
    case "content": return sign(folder, keys, []);
    case "with-names": return sign(folder, keys, ["-add-msi-dse"]);
    case "changed": return changed(sign(folder, keys, []));
  }
}

function makeAll(keys: string): void {
  certificate(keys, "signer", PUBLISHER, "codeSigning");
  certificate(keys, "clock", "Example Clock", "critical,timeStamping");
  for (const made of PACKAGES) {
    mkdirSync(dirname(join(ROOT, made.path)), { recursive: true });
    writeFileSync(join(ROOT, made.path), make(made, keys));
  }
  const whole = readFileSync(join(ROOT, "test/formats/packages/unsigned.msp"));
  writeFileSync(join(ROOT, NO_PATCHES.truncated), whole.subarray(0, Math.floor(whole.length * 0.6)));
  writeFileSync(join(ROOT, NO_PATCHES.text), "<!doctype html>\n<title>Download Center</title>\n<p>Your download starts in a moment.\n");
  run("msibuild", [join(ROOT, NO_PATCHES.installer), "-s", "Installer", PUBLISHER, "x64;1033", codeOf("installer")], keys);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const keys = mkdtempSync(join(tmpdir(), "packages-"));
  try {
    makeAll(keys);
  } finally {
    rmSync(keys, { recursive: true });
  }
}

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { options, temporaryFolder } from "../world/real-process.ts";
import { waysTo } from "../world/ssh-kit.ts";
import { SSHD, startSshd } from "../world/sshd.ts";
import { doctored, found } from "./doctor-kit.ts";

const isRoot = process.getuid?.() === 0;

/** Every file below a folder, folders included. */
function filesBelow(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
}

describe.skipIf(SSHD === undefined || !isRoot)("doctor", () => {
  test("looks at twenty machines at once, over one connection each", async () => {
    // Each address of the loopback interface is a machine with a name and a network of its own.
    const enter = `set -- $SSH_CONNECTION; export RB_NAME=node${"$"}{3##*.}; exec unshare --uts --net sh -c 'hostname "$RB_NAME"; exec sh -c "$SSH_ORIGINAL_COMMAND"'`;
    const numbers = Array.from({ length: 20 }, (_, index) => index + 11);
    // A server listens at sixteen addresses at most.
    const servers = await Promise.all([numbers.slice(0, 10), numbers.slice(10)].map(async (some) => ({ some, sshd: await startSshd([`ForceCommand ${enter}`, ...some.map((number) => `ListenAddress 127.0.0.${number}`)]) })));
    onTestFinished(() => servers.forEach(({ sshd }) => sshd.stop()));
    const rules = servers.flatMap(({ some, sshd }) => some.map((number) => {
      const config = join(sshd.folder, `config-${number}`);
      writeFileSync(config, readFileSync(sshd.config, "utf8").replace("HostName 127.0.0.1", `HostName 127.0.0.${number}`));
      return [`node${number}`, `config: ${config}`] as const;
    }));
    const document = await doctored(Object.fromEntries(rules));
    expect(document.targets.map(({ address, verdict, findings }) => [address, verdict, findings.filter((finding) => finding.verdict !== "ok")])).toEqual(numbers.map((number) => [`node${number}`, "ok", []]));
    expect(found(document, "node30", "identity")[0]?.says).toContain("calls itself node30");
    expect(servers.map(({ sshd }) => sshd.acceptedCount())).toEqual([10, 10]);
  }, 120_000);

  test("writes nothing on a target", async () => {
    // All that is written there lands in a layer over the file system, which can be looked into.
    const layer = temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", layer]);
    onTestFinished(() => void execFileSync("umount", [layer]));
    for (const folder of ["upper", "work", "merged"]) mkdirSync(join(layer, folder));
    const enter = [
      `mount -t overlay overlay -o lowerdir=/,upperdir=${layer}/upper,workdir=${layer}/work ${layer}/merged`, `mount --rbind /proc ${layer}/merged/proc`, `mount --rbind /dev ${layer}/merged/dev`,
      `exec chroot ${layer}/merged sh -c "$SSH_ORIGINAL_COMMAND"`,
    ].join(" && ");
    const sshd = await startSshd([`ForceCommand exec unshare --mount sh -c '${enter}'`]);
    onTestFinished(sshd.stop);
    const document = await doctored({ node1: `config: ${sshd.config}` });
    expect(found(document, "node1", "space")).toMatchObject([{ verdict: "ok" }]);
    expect(filesBelow(join(layer, "upper"))).toEqual([]);
    // What is written would be seen.
    const file = `/tmp/${layer.split("/").at(-1)}.written`;
    expect(await waysTo(sshd).to("node1").run({ kind: "program", program: "touch", args: [file] }, options())).toMatchObject({ kind: "ok", value: { exitCode: 0, stderr: "" } });
    expect(existsSync(file)).toBe(false);
    expect(filesBelow(join(layer, "upper"))).toContain(file.slice(1));
  }, 60_000);
});

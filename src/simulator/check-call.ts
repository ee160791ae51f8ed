import { nameHint } from "../core/names.ts";
import { writesRegistry } from "./commands/reg-write.ts";
import { CMDLETS, MSIEXEC, programKey, PROGRAMS } from "./commands/table.ts";
import type { EventFile } from "./event-schema.ts";
import { isSuccess } from "./installer/install.ts";
import { wordsOf } from "./start-events.ts";
import { faultAt, unknownName, type WorldFault } from "./world-fault.ts";
import { databasesOf, servicesOn } from "./world-names.ts";
import type { WorldFile } from "./world-schema.ts";

type Path = readonly (string | number)[];
type Kind = "program" | "installer" | "cmdlet" | "put";

/** What is said of a call and could have no effect on it: on a command that the world does not know, on one that only reads, or on one that goes in another way. */
export function checkCall(file: WorldFile, event: EventFile, command: string, path: Path): readonly WorldFault[] {
  const [called = "", ...args] = wordsOf(command);
  const place: Path = [...path, "on", "command"];
  const kind = kindOf(file, called);
  if (kind === undefined) return [faultAt(place, `the world knows no command \`${called}\``, nameHint(called, knownCommands()))];
  if (onlyReads(file, called, args)) return [faultAt(place, `\`${command}\` only reads, and events come on changing calls only`)];
  return [...checkReply(event, kind, called, path), ...checkOutcomes(file, event, kind, called, args, path)];
}

function kindOf(file: WorldFile, called: string): Kind | undefined {
  const key = programKey(called);
  if (called.toLowerCase() === "put") return "put";
  if (CMDLETS.has(called.toLowerCase())) return "cmdlet";
  if (key === MSIEXEC) return "installer";
  return PROGRAMS.has(key) || isOwn(file, key) ? "program" : undefined;
}

function isOwn(file: WorldFile, key: string): boolean {
  return (file.programs ?? []).some((program) => programKey(wordsOf(program.command)[0] ?? "") === key);
}

function knownCommands(): readonly string[] {
  return [...PROGRAMS.keys(), MSIEXEC, "put", ...[...CMDLETS.values()].map((cmdlet) => cmdlet.name)];
}

function onlyReads(file: WorldFile, called: string, args: readonly string[]): boolean {
  const key = programKey(called);
  const own = (file.programs ?? []).filter((program) => programKey(wordsOf(program.command)[0] ?? "") === key);
  if (own.length > 0) return own.every((program) => program.changes !== true);
  const cmdlet = CMDLETS.get(called.toLowerCase());
  if (cmdlet !== undefined) return !cmdlet.changes;
  if (key === "reg.exe") return !writesRegistry(args);
  return READING_PROGRAMS.has(key) || args.some((arg) => READING_WORDS.test(arg));
}

const READING_PROGRAMS: ReadonlySet<string> = new Set(["hostname.exe", "whoami.exe", "findstr.exe"]);
/** Arguments that only readings of `cluster.exe` and `sc.exe` have. */
const READING_WORDS = /^(?:\/stat.*|qc|query|res)$/i;

function checkReply({ reply }: EventFile, kind: Kind, called: string, path: Path): readonly WorldFault[] {
  if (reply === undefined) return [];
  const faults: WorldFault[] = [];
  const isProgram = kind === "program" || kind === "installer";
  for (const part of ["exit_code", "stdout", "stderr"] as const) {
    if (reply[part] === undefined) continue;
    if (!isProgram) faults.push(faultAt([...path, "reply", part], `\`${called}\` is no program: it has no \`${part}\`; use \`fail\``));
    else if (kind === "installer" && part !== "exit_code") faults.push(faultAt([...path, "reply", part], "the installer prints nothing; its answer is its exit code"));
    else if (reply.fail !== undefined) faults.push(faultAt([...path, "reply", part], "a call that fails has no answer"));
  }
  const says = reply.effect === "none" || reply.lost === true || [reply.exit_code, reply.stdout, reply.stderr, reply.fail, reply.slow].some((part) => part !== undefined);
  if (!says) faults.push(faultAt([...path, "reply"], "a reply that is as it would have been anyway is left out"));
  return faults;
}

function checkOutcomes(file: WorldFile, event: EventFile, kind: Kind, called: string, args: readonly string[], path: Path): readonly WorldFault[] {
  const { reply, install, move, group } = event;
  const faults: WorldFault[] = [];
  const bad = reply?.fail !== undefined || (reply?.exit_code ?? 0) !== 0;
  const none = (reply?.effect ?? (bad ? "none" : "done")) === "none";
  const own = { install: kind === "installer", move: called.toLowerCase() === "move-clusteredmailboxserver", group: programKey(called) === "cluster.exe" && args.some((arg) => arg.toLowerCase() === "group"), file: kind === "put" };
  const whose = { install: MSIEXEC, move: "Move-ClusteredMailboxServer", group: "`cluster.exe group /move`", file: "`put`" };
  for (const part of ["install", "move", "group", "file"] as const) {
    if (event[part] === undefined) continue;
    if (!own[part]) faults.push(faultAt([...path, part], `\`${part}\` tells how ${whose[part]} goes, not \`${called}\``));
    else if (none) faults.push(faultAt([...path, part], `the reply says that \`${called}\` does nothing: then \`${part}\` has nothing to tell`));
  }
  if (install !== undefined) {
    const succeeds = isSuccess(install.exit_code ?? 0);
    if (succeeds && (install.fails_in ?? install.services) !== undefined) faults.push(faultAt([...path, "install"], "an installation that fails ends with an exit code other than 0, 3010 and 1641: say it in `exit_code`"));
    if (!succeeds && install.files !== undefined) faults.push(faultAt([...path, "install", "files"], "a failed installation leaves the files as they were"));
    if (install.services === "disabled" && (install.start_modes ?? install.not_started) !== undefined) faults.push(faultAt([...path, "install", "services"], "services that stay disabled are neither started nor given a startup type"));
    const known = servicesOn(file, event.on?.node);
    for (const [index, name] of (install.not_started ?? []).entries()) faults.push(...unknownName([...path, "install", "not_started", index], "service", name, known));
    for (const name of Object.keys(install.start_modes ?? {})) faults.push(...unknownName([...path, "install", "start_modes", name], "service", name, known));
  }
  if (group !== undefined && (group.takes ?? group.state) === undefined) faults.push(faultAt([...path, "group"], "a group move has a `takes`, a `state` or both"));
  for (const [index, database] of (move?.dismounted ?? []).entries()) faults.push(...unknownName([...path, "move", "dismounted", index], "database", database, databasesOf(file)));
  return faults;
}

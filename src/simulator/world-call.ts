import type { CmdletResult, ProgramResult, StatResult } from "../core/action.ts";
import { sha256 } from "../core/digest.ts";
import { emptyObject, type Json, type JsonObject } from "../core/json.ts";
import type { Call } from "../core/port.ts";
import { formatSize } from "../core/quantity.ts";
import { applyFault } from "./apply-fault.ts";
import { matchesWords, type WorldCall } from "./begin-call.ts";
import { failed, printed, records, type Begun, type Moment } from "./commands/command.ts";
import { beginWebRequest, isWebRequest } from "./commands/web-request.ts";
import { CMDLETS, MSIEXEC, parameterRefusal, programKey, PROGRAMS } from "./commands/table.ts";
import { findFile, pathKey, placeFile, statOf } from "./files.ts";
import { driveOf } from "./machine-state.ts";
import { takes } from "./timings.ts";
import type { ReplyChange } from "./trigger.ts";
import { sameName, type OwnProgramState, type WorldState } from "./world-state.ts";

const alteredProgram = (value: ProgramResult, { exitCode, stdout, stderr }: ReplyChange): ProgramResult => ({
  ...value,
  exitCode: exitCode ?? value.exitCode,
  stdout: stdout ?? value.stdout,
  stderr: stderr ?? value.stderr,
});
const goodProgram = (_state: WorldState, reply: ReplyChange): ReturnType<typeof printed> => printed(reply.exitCode ?? 0, reply.stdout ?? "", reply.stderr ?? "");

/** A program call. One that neither the model nor the world file knows is not found, as a shell would say. */
export function programCall(state: WorldState, node: string | undefined, call: Call<"program">): WorldCall<ProgramResult> {
  const key = programKey(call.program);
  const words = [key, ...call.args];
  const known = PROGRAMS.get(key);
  const own = ownProgram(state, node, words);
  return {
    words,
    changes: own?.changes ?? known?.changes(call.args) ?? false,
    begin: (moment) => {
      if (own !== undefined) return beginOwn(moment, own);
      if (known !== undefined) return known.begin(moment, call.args);
      const because = key === MSIEXEC ? `'${call.program}' is only started as a job` : `'${call.program}' is not recognized as an internal or external command, operable program or batch file`;
      return { takesMs: takes(moment.state, "program", key, moment.node?.name ?? "local"), end: () => failed("not_found", because) };
    },
    good: goodProgram,
    altered: alteredProgram,
  };
}

/** A script call: the world answers those that its file names by a text that they contain, and those that fetch a page. */
export function scriptCall(state: WorldState, node: string | undefined, call: Call<"script">): WorldCall<ProgramResult> {
  const own = state.programs.find((program) => isOn(program, node) && call.script.includes(program.command.join(" ")));
  return {
    words: ["script", call.script],
    changes: own?.changes ?? false,
    begin: (moment) => {
      if (own !== undefined) return beginOwn(moment, own);
      if (isWebRequest(call.script)) return beginWebRequest(moment, call.parameters);
      return { takesMs: takes(moment.state, "cmdlet", "script", moment.node?.name ?? "local"), end: () => failed("not_found", "the world knows no answer to this script: name it under `programs`") };
    },
    good: goodProgram,
    altered: alteredProgram,
  };
}

/** The entry of the world file for a program of the author's own; undefined if there is none. */
export function ownProgram(state: WorldState, node: string | undefined, words: readonly string[]): OwnProgramState | undefined {
  return state.programs.find((program) => isOn(program, node) && matchesWords(program.command, words));
}

function isOn(program: OwnProgramState, node: string | undefined): boolean {
  return program.node === undefined || (node !== undefined && sameName(program.node, node));
}

function beginOwn({ state }: Moment, own: OwnProgramState): Begun<ProgramResult> {
  for (const fault of own.faults) applyFault(state, fault);
  return { takesMs: own.takesMs, end: () => printed(own.exitCode, own.stdout, own.stderr) };
}

/** A cmdlet call. Its records have the wanted properties that they had, and no others. */
export function cmdletCall(call: Call<"cmdlet">): WorldCall<CmdletResult> {
  const known = CMDLETS.get(call.name.toLowerCase());
  const words = [call.name, ...Object.entries(call.parameters).flatMap(([name, value]) => [`-${name}`, typeof value === "string" ? value : JSON.stringify(value)])];
  return {
    words,
    changes: known?.changes ?? false,
    begin: (moment) => {
      const quicklyMs = takes(moment.state, "program", call.name, moment.node?.name ?? "local");
      if (known === undefined) return { takesMs: quicklyMs, end: () => failed("not_found", `The term '${call.name}' is not recognized as the name of a cmdlet, function, script file, or operable program.`) };
      const refusal = parameterRefusal(moment, known, call.parameters);
      if (refusal !== undefined) return { takesMs: quicklyMs, end: () => refusal };
      const begun = known.begin(moment, call.parameters);
      return {
        takesMs: begun.takesMs,
        end: (state) => {
          const reply = begun.end(state);
          return reply.kind === "ok" ? records(...reply.value.records.map((record) => wanted(record, call.properties))) : reply;
        },
      };
    },
    good: () => records(),
    altered: (value) => value,
  };
}

function wanted(record: JsonObject, properties: readonly string[]): JsonObject {
  const picked = emptyObject<Json>();
  for (const property of properties) {
    const own = Object.keys(record).find((name) => sameName(name, property));
    const value = own === undefined ? undefined : record[own];
    if (value !== undefined) picked[property] = value;
  }
  return picked;
}

/** A copy of a file to a node: it lies there when the call ends, and not before. */
export function putCall(call: Call<"put">, source: StatResult): WorldCall<StatResult> {
  return {
    words: ["put", call.to],
    changes: true,
    begin: ({ state, node, outcome }) => {
      const known = state.packages.find((other) => other.sha256 === source.sha256);
      const takesMs = takes(state, "program", "put", node?.name ?? "local") + Math.round(((known?.bytes ?? source.bytes) / state.copyRate) * 1000);
      if (node === undefined) return { takesMs, end: () => ({ kind: "ok", value: source }) };
      const bytes = known?.bytes ?? source.bytes;
      const drive = driveOf(node.machine, call.to);
      const isNew = findFile(state, node, call.to) === undefined;
      if (drive !== undefined && isNew && drive.freeBytes < bytes) return { takesMs, end: () => failed("no_space", `There is not enough space on the disk: ${drive.name} of ${node.name} has ${formatSize(drive.freeBytes)}`) };
      const end = (later: WorldState): ReturnType<Begun<StatResult>["end"]> => {
        if (drive !== undefined && isNew) drive.freeBytes -= bytes;
        placeFile(node, { path: call.to.replaceAll("/", "\\"), bytes: source.bytes, sha256: outcome.file === "damaged" ? sha256(`damaged ${source.sha256}`) : source.sha256 });
        return { kind: "ok", value: statOf(later, node, call.to) };
      };
      return { takesMs, end };
    },
    good: () => ({ kind: "ok", value: source }),
    altered: (value) => value,
  };
}

/** Size and hash of a file on a node. */
export function statCall(call: Call<"stat">): WorldCall<StatResult> {
  return {
    words: ["stat", call.path],
    changes: false,
    begin: ({ state, node }) => ({
      takesMs: takes(state, "program", `stat ${pathKey(call.path)}`, node?.name ?? "local"),
      end: (later) => ({ kind: "ok", value: node === undefined ? { exists: false, bytes: 0, sha256: "", folder: false } : statOf(later, node, call.path) }),
    }),
    good: () => failed("not_found", "a reading has no effect to leave out"),
    altered: (value) => value,
  };
}

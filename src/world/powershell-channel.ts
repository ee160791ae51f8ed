import { randomBytes } from "node:crypto";
import type { Failure } from "../core/failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { CallOptions, Outcome } from "../core/port.ts";
import { faultFailure, openFailure, type PowershellFault } from "../formats/powershell-faults.ts";
import { clixmlText } from "./clixml-text.ts";
import { givenUp, timedOut } from "./limit.ts";
import { KeptProcess, type Reply } from "./local-kept-process.ts";
import { POWERSHELL_AGENT } from "./powershell-agent.ts";
import { POWERSHELL_JSON } from "./powershell-json.ts";
import { noPowershell, sessionRequest, type PowershellReach } from "./powershell-reach.ts";
import { POWERSHELL_TARGET } from "./powershell-target.ts";
import type { Tethering } from "./tether.ts";

/** A session is open within this or its target counts as unreachable: the engine's own limit does not fire where a server greets and then says nothing. */
const OPENING_MS = 60_000;

/** How many calls go to one target at a time; Windows allows an account five shells. */
const MOST_AT_ONCE = 3;

/** What a kept PowerShell is started with; it reads its commands from standard input. */
const ARGUMENTS = ["-NoLogo", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-Command", "-"];

/** One call, as the text on the target reads it. */
export interface TargetCall extends JsonObject {
  readonly verb: "cmdlet" | "run" | "script" | "stat" | "put-chunk" | "put-end" | "put-drop" | "get-size" | "get-chunk" | "job-start" | "jobs" | "jobs-forget";
}

/** What a channel needs of a call's options. */
export type ChannelOptions = Pick<CallOptions, "limitMs" | "signal" | "onOutput">;

/** A kept PowerShell with the session in it. */
interface Kept {
  readonly process: KeptProcess;
  readonly ask: (verb: "rb_open" | "rb_ask", request: JsonObject, options: Pick<CallOptions, "limitMs" | "signal">) => Promise<Reply>;
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function keptOf(process: KeptProcess): Kept {
  process.tell(`. ([scriptblock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64(POWERSHELL_JSON + POWERSHELL_AGENT)}'))))`);
  return {
    process,
    ask: (verb, request, options) => {
      // Drawn anew, so that nothing that is printed meanwhile can be taken for the answer.
      const mark = `@${randomBytes(12).toString("hex")}@`;
      return process.ask(`${verb} '${base64(clixmlText({ mark, ...request }))}'`, mark, options);
    },
  };
}

/** The way to one target through PowerShell: processes of this machine that are kept, each with a session to the target, and reopened where one broke. */
export class PowershellChannel {
  readonly #reach: PowershellReach;
  readonly #tether: Tethering;
  readonly #idle: Kept[] = [];
  readonly #all = new Set<Kept>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(reach: PowershellReach, tether: Tethering) {
    this.#reach = reach;
    this.#tether = tether;
  }

  /** Hands a call to the target. `value`: what the text on the target answered; an error record is a failure. The limit counts from here: to wait for a place and to open a session belong to it. */
  async call(what: string, call: TargetCall, options: ChannelOptions): Promise<Outcome<Json>> {
    const endMs = performance.now() + options.limitMs;
    const place = await this.#place(options);
    if (place === "cancelled") return givenUp(what);
    if (place === "limit") return { kind: "failed", failure: { code: "unreachable", because: `${what} was not begun: ${this.#reach.name} was busy with ${MOST_AT_ONCE} other calls` } };
    try {
      return await this.#carry(what, call, options, endMs);
    } finally {
      this.#busy -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Ends the kept processes, and with them their sessions. */
  close(): void {
    for (const { process } of this.#all) process.end();
    this.#all.clear();
    this.#idle.length = 0;
  }

  /** Waits for one of the places. */
  #place({ limitMs, signal }: ChannelOptions): Promise<"free" | "limit" | "cancelled"> {
    return new Promise((resolve) => {
      const settle = (end: "free" | "limit" | "cancelled"): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        const at = this.#waiting.indexOf(take);
        if (at !== -1) this.#waiting.splice(at, 1);
        resolve(end);
      };
      const take = (): void => {
        this.#busy += 1;
        settle("free");
      };
      const onAbort = (): void => settle("cancelled");
      const timer = setTimeout(() => settle("limit"), Math.min(limitMs, 2 ** 31 - 1));
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
      else if (this.#busy < MOST_AT_ONCE) take();
      else this.#waiting.push(take);
    });
  }

  async #carry(what: string, call: TargetCall, options: ChannelOptions, endMs: number): Promise<Outcome<Json>> {
    const left = (): ChannelOptions => ({ ...options, limitMs: Math.max(1, endMs - performance.now()) });
    const opened = await this.#takeOpen(left());
    if (opened.kind !== "ok") return opened;
    const { value: kept } = opened;
    const reply = await kept.ask("rb_ask", { call }, left());
    if (reply.noise !== "") options.onOutput("stderr", reply.noise);
    if (reply.kind !== "answered") {
      this.#all.delete(kept);
      return this.#unanswered(what, reply, options);
    }
    const answer = JSON.parse(reply.text) as JsonObject;
    if (answer["kind"] === "answer" || answer["kind"] === "cmdlets-only") this.#idle.push(kept);
    else this.#drop(kept);
    // Nothing was begun: the session had broken while nobody used it.
    if (answer["kind"] === "closed") return this.#carry(what, call, options, endMs);
    if (answer["kind"] === "cmdlets-only") return { kind: "failed", failure: { code: "denied", because: `the endpoint of ${this.#reach.name} takes cmdlets alone: ${what} needs another endpoint, or another transport` } };
    return this.#judge(what, call, answer, options);
  }

  #judge(what: string, call: TargetCall, answer: JsonObject, options: ChannelOptions): Outcome<Json> {
    const log = answer["log"];
    if (Array.isArray(log) && log.length > 0) options.onOutput("stderr", `${log.join("\n")}\n`);
    const [thrown] = answer["faults"] as readonly unknown[] as readonly PowershellFault[];
    if (answer["kind"] === "lost") return { kind: "lost", because: `the session with ${this.#reach.name} broke while ${what} ran: ${thrown?.message ?? "it ended"}` };
    if (thrown !== undefined) return { kind: "failed", failure: faultFailure(thrown, what, this.#reach) };
    const said = answer["answer"];
    // An `exit` leaves neither error nor code behind: what was done before it, nobody knows.
    if (!isJsonObject(said)) return { kind: "lost", because: `${what} gave no answer on ${this.#reach.name}: it may have ended its PowerShell` };
    const [fault] = said["faults"] as readonly unknown[] as readonly PowershellFault[];
    if (fault === undefined) return { kind: "ok", value: said["value"] ?? null };
    if (fault.id === "rb_limit") return timedOut(what, Number(call["limitMs"]));
    return { kind: "failed", failure: faultFailure(fault, what, this.#reach) };
  }

  #unanswered(what: string, reply: Exclude<Reply, { readonly kind: "answered" }>, { limitMs }: ChannelOptions): Outcome<Json> {
    switch (reply.kind) {
      case "limit":
        return { kind: "timeout", because: `${what} on ${this.#reach.name} gave no answer within ${Math.round(limitMs / 100) / 10} s, and its session was ended` };
      case "cancelled":
        return givenUp(what);
      case "too-long":
        return { kind: "failed", failure: { code: "unreadable", because: `the answer of ${what} is too long` } };
      case "ended":
        return { kind: "lost", because: `PowerShell ended with ${reply.exitCode} while ${what} ran${reply.noise === "" ? "" : `: ${reply.noise.trim()}`}` };
    }
  }

  #drop(kept: Kept): void {
    kept.process.end();
    this.#all.delete(kept);
  }

  /** A process whose session is open: one that is idle, else a new one. */
  async #takeOpen(options: ChannelOptions): Promise<Outcome<Kept>> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle === undefined) return this.#open(options);
      if (idle.process.isAlive) return { kind: "ok", value: idle };
      this.#all.delete(idle);
    }
  }

  async #open(options: ChannelOptions): Promise<Outcome<Kept>> {
    const process = await this.#start();
    if (!(process instanceof KeptProcess)) return { kind: "failed", failure: process };
    const kept = keptOf(process);
    this.#all.add(kept);
    const reply = await kept.ask("rb_open", { text: POWERSHELL_TARGET, ...sessionRequest(this.#reach) }, { limitMs: Math.min(options.limitMs, OPENING_MS), signal: options.signal });
    if (reply.kind === "answered") {
      const answer = JSON.parse(reply.text) as { readonly kind: "open" | "not-open"; readonly faults: readonly PowershellFault[] };
      if (answer.kind === "open") return { kind: "ok", value: kept };
      this.#drop(kept);
      return { kind: "failed", failure: openFailure(answer.faults[0], reply.noise, this.#reach) };
    }
    this.#drop(kept);
    if (reply.kind === "cancelled") return givenUp(`the session with ${this.#reach.name}`);
    const said = reply.noise.trim();
    const why = reply.kind === "limit" ? "did not open a session in time" : "opened no session";
    return { kind: "failed", failure: { code: "unreachable", because: `${this.#reach.name} ${why}${said === "" ? "" : `: ${said}`}` } };
  }

  async #start(): Promise<KeptProcess | Failure> {
    for (const program of this.#reach.executables) {
      const started = await KeptProcess.start({ kind: "program", program, args: ARGUMENTS }, this.#tether);
      if (started instanceof KeptProcess || started.code !== "not_found") return started;
    }
    return noPowershell(this.#reach.executables);
  }
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Failure } from "../core/failure.ts";
import type { CallOptions } from "../core/port.ts";
import type { SshOptions } from "../core/transport.ts";
import type { SshFault, SshWay } from "../core/way.ts";
import { parseSshLog } from "../formats/ssh-log.ts";
import { argumentsFor } from "./ssh-arguments.ts";
import { byHand, sshFailure } from "./ssh-fault.ts";
import { openingFault, readLog, type SshOpening } from "./ssh-opening.ts";
import { SshSession } from "./ssh-session.ts";
import type { SshSurroundings } from "./ssh-surroundings.ts";

/** What a late connection has to say why. */
const CONNECT_SENTENCE_MS = 1_000;
/** The longest time that a timer takes, about 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** So many remote shells on one connection: sshd allows ten (MaxSessions), and each is a process there. */
const MOST_SESSIONS = 8;
/** Pauses after a server refused before it let anybody in; after so many it is told. Together less than its time for letting somebody in (LoginGraceTime, two minutes). */
const REFUSED_PAUSES_MS = [250, 500, 1_000, 2_000];

/** What may be a session, and why there is none. `late`: the caller's limit passed or its run was cancelled while it waited. */
export type SessionTaken =
  | { readonly kind: "taken"; readonly session: SshSession }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "late" };

/**
 * One connection to an address, with the remote shells that it carries: opened when it is first needed, kept, and opened again
 * when it was lost. The first client holds the connection; the others, for what runs at the same time, go through its socket.
 */
export class SshConnection {
  readonly #address: string;
  readonly #options: SshOptions;
  readonly #surroundings: SshSurroundings;
  #first: SshSession | undefined;
  /** The one that is to become the first. */
  #next: SshSession | undefined;
  #socket = "";
  #opening: Promise<Failure | undefined> | undefined;
  #leave: (() => void) | undefined;
  readonly #sessions = new Set<SshSession>();
  readonly #busy = new Set<SshSession>();
  readonly #waiting = new Set<() => void>();
  #beingOpened = 0;
  #most = MOST_SESSIONS;
  #opened = 0;
  #closings = 0;
  #last: { readonly log: string; readonly session: SshSession; readonly fault: SshFault | undefined } | undefined;

  constructor(address: string, options: SshOptions, surroundings: SshSurroundings) {
    this.#address = address;
    this.#options = options;
    this.#surroundings = surroundings;
  }

  /** How many connections were opened so far. */
  get openedCount(): number {
    return this.#opened;
  }

  /** True while nothing runs, waits or is being opened. */
  get isIdle(): boolean {
    return this.#busy.size === 0 && this.#waiting.size === 0 && this.#beingOpened === 0 && this.#opening === undefined;
  }

  /** A remote shell that is free; `own`: one that nobody else uses before or after. Connects where there is no connection. */
  async take({ limitMs, signal }: Pick<CallOptions, "limitMs" | "signal">, own: "shared" | "own" = "shared"): Promise<SessionTaken> {
    // A connection that is not there within the limit has its own, better sentence: it may come first.
    const late = AbortSignal.any([signal, AbortSignal.timeout(Math.min(limitMs + CONNECT_SENTENCE_MS, LONGEST_TIMER_MS))]);
    for (;;) {
      const failure = await Promise.race([this.#connect(limitMs), whenAborted(late)]);
      if (failure === "late") return { kind: "late" };
      if (failure !== undefined) return { kind: "failed", failure };
      const idle = own === "own" ? undefined : [...this.#sessions].find((session) => session.isUsable && !this.#busy.has(session));
      if (idle !== undefined) {
        this.#busy.add(idle);
        return { kind: "taken", session: idle };
      }
      if (late.aborted) return { kind: "late" };
      if (own === "own" && this.#used() >= this.#most) this.#closeIdle();
      if (this.#used() < this.#most) {
        const taken = await this.#openFurther(limitMs);
        if (taken !== undefined) return taken;
      } else if (this.#busy.size === 0 && this.#beingOpened === 0) {
        // Temporary files may be cleared away while a run waits for a person. Nothing runs here: a new connection has a socket.
        if (this.#socket !== "" && !existsSync(this.#socket)) this.#first?.close();
        else return { kind: "failed", failure: { code: "unreachable", because: `sshd on ${this.#address} allows no further session on the connection (MaxSessions in its sshd_config): this needs two` } };
      } else {
        await this.#nextFree(late);
      }
    }
  }

  /** Gives a session back. */
  release(session: SshSession): void {
    this.#busy.delete(session);
    if (!session.isUsable && session !== this.#first) {
      if (!session.isGone) session.close();
      this.#sessions.delete(session);
    }
    for (const wake of this.#waiting) wake();
    if (this.isIdle) this.#surroundings.stir();
  }

  /** Ends the connection, and with it what runs on the target; jobs go on. */
  close(): void {
    this.#closings += 1;
    this.#next?.close();
    for (const session of this.#sessions) session.close();
    this.#forget();
  }

  /** What is known of the way by the last connection that was opened, or was not; read before it is closed for good. */
  way(): SshWay {
    const { log, session, fault } = this.#last ?? {};
    return {
      kind: "ssh", byHand: byHand(this.#address, this.#options), ...(this.#options.become === undefined ? {} : { become: this.#options.become }),
      log: parseSshLog(readLog(log)), printed: session?.printed ?? "", ...(fault === undefined ? {} : { fault }),
    };
  }

  #openingOf(log: string | undefined): SshOpening {
    return { address: this.#address, options: this.#options, program: this.#surroundings.program, log };
  }

  /** Makes room for one more session. The first holds the connection. */
  #closeIdle(): void {
    const idle = [...this.#sessions].find((session) => session !== this.#first && !this.#busy.has(session));
    if (idle === undefined) return;
    idle.close();
    this.#sessions.delete(idle);
  }

  #used(): number {
    return [...this.#sessions].filter((session) => !session.isGone).length + this.#beingOpened;
  }

  /** Undefined where there is a connection. */
  #connect(limitMs: number): Promise<Failure | undefined> {
    if (this.#first !== undefined && !this.#first.isGone) return Promise.resolve(undefined);
    this.#opening ??= this.#open(Math.min(limitMs, this.#surroundings.connectMs)).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Tries anew where it is refused before anything was sent: a server waits for so many at once to be let in, and another run may connect, too. */
  async #open(limitMs: number): Promise<Failure | undefined> {
    this.#forget();
    const { enter, clock } = this.#surroundings;
    const leave = await enter();
    const [untilMs, closings] = [clock.now() + limitMs, this.#closings];
    for (let tries = 1; ; tries += 1) {
      const { session, fault, number } = await this.#openOnce(untilMs - clock.now());
      if (fault === undefined) {
        this.#hold(session, leave);
        return undefined;
      }
      // Those that were refused together come back one by one.
      const pauseMs = (REFUSED_PAUSES_MS[tries - 1] ?? Number.POSITIVE_INFINITY) * (1 + (number % 10) / 10);
      if (fault.mayPass !== true || clock.now() + pauseMs >= untilMs || closings !== this.#closings) {
        leave();
        return sshFailure(this.#address, tries === 1 ? fault : { ...fault, cause: `${fault.cause}, each of ${tries} times` });
      }
      await new Promise<void>((resolve) => void clock.at(clock.now() + pauseMs, `${this.#address} ${number}`, resolve));
    }
  }

  async #openOnce(limitMs: number): Promise<{ readonly session: SshSession; readonly fault: SshFault | undefined; readonly number: number }> {
    const opened = await this.#surroundings.open();
    const number = this.#surroundings.number();
    const name = join(this.#surroundings.folder(), String(number));
    this.#socket = process.platform === "win32" ? "" : name;
    const log = `${name}.log`;
    const shared = this.#socket === "" ? [] : ["ControlMaster=yes", `ControlPath=${this.#socket}`];
    const level = this.#surroundings.logs === "everything" ? ["LogLevel=DEBUG1"] : [];
    const session = new SshSession(this.#surroundings.program, ["-E", log, ...argumentsFor(this.#address, this.#options, [...level, ...shared])], this.#surroundings.beatMs);
    this.#opened += 1;
    this.#next = session;
    const fault = (await openingFault(session, limitMs, this.#openingOf(log)))?.fault;
    this.#next = undefined;
    opened();
    this.#last = { log, session, fault };
    return { session, fault, number };
  }

  #hold(session: SshSession, leave: () => void): void {
    this.#first = session;
    this.#leave = leave;
    this.#most = MOST_SESSIONS;
    this.#sessions.add(session);
    void session.closed.then(() => this.#onLost(session));
  }

  /** A further session on the connection; undefined where the target refuses one more, or the connection was lost meanwhile: then the caller looks again. */
  async #openFurther(limitMs: number): Promise<SessionTaken | undefined> {
    this.#beingOpened += 1;
    // Where the socket is gone the client must not connect anew beside us.
    const through = this.#socket === "" ? [] : ["ControlMaster=no", `ControlPath=${this.#socket}`, "ProxyCommand=exit 1"];
    const session = new SshSession(this.#surroundings.program, argumentsFor(this.#address, this.#options, through), this.#surroundings.beatMs);
    const trouble = await openingFault(session, Math.min(limitMs, this.#surroundings.connectMs), this.#openingOf(undefined));
    this.#beingOpened -= 1;
    if (trouble === undefined) {
      this.#sessions.add(session);
      this.#busy.add(session);
      void session.closed.then(() => this.#sessions.delete(session));
      return { kind: "taken", session };
    }
    if (this.#first === undefined || this.#first.isGone) return undefined;
    if (trouble.isSilent) return { kind: "failed", failure: sshFailure(this.#address, trouble.fault) };
    this.#most = Math.max(1, this.#used());
    return undefined;
  }

  #nextFree(late: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        late.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      late.addEventListener("abort", wake);
    });
  }

  #onLost(session: SshSession): void {
    if (this.#first !== session) return;
    for (const other of this.#sessions) other.close();
    this.#forget();
    for (const wake of this.#waiting) wake();
  }

  #forget(): void {
    this.#first = undefined;
    this.#sessions.clear();
    this.#leave?.();
    this.#leave = undefined;
  }
}

function whenAborted(signal: AbortSignal): Promise<"late"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("late");
    signal.addEventListener("abort", () => resolve("late"), { once: true });
  });
}

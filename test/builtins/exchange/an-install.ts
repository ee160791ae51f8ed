import { exchangeInstallRollup } from "../../../src/builtins/exchange/install-rollup.ts";
import type { JobResult } from "../../../src/core/action.ts";
import type { Fact, Past, PastAct, PastAnswer } from "../../../src/core/builtin.ts";
import { act, answer, exsetup, PAIR, past, records, setupJob, turn, type Turn } from "./ccr-pair.ts";

/** Where the package lies on the node. */
export const FILE = "D:\\ur\\package.msp";
/** Commands whose answers tests change. */
export const EXSETUP = "Get-Item C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\ExSetup.exe";
export const STAT = `stat ${FILE}`;
export const NODES = "cluster.exe node /status";
export const CLOCK = "Get-WmiObject Win32_OperatingSystem";

/** `ExSetup.exe` of a node that has the rollup. */
export const NEW_FILE = exsetup("08.01.0263.001");
/** The start of setup, at its first try. */
export const STARTED: PastAct = act("install", "ok", { job: "job1", fill: { build_before: "8.1.240.6" }, result: setupJob() });

/** The jobs of the node. */
export const jobs = (...found: readonly JobResult[]): Fact => answer({ jobs: found });
/** The job of the first start, ended twenty minutes after it began. */
export const ended = (exitCode: number, changes: Partial<JobResult> = {}): Fact => jobs(setupJob({ state: "ended", exitCode, endedAt: "2008-03-15T09:20:00Z", ...changes }));
/** The node's clock, so many minutes after setup began. */
export const clock = (minutes: number): Fact => records({ LocalDateTime: minuteOf(minutes), LastBootUpTime: "2008-03-01T00:00:00.000Z" });
/** What Ann said, so many minutes after setup began. */
export const said = (text: string, minutes: number, reason?: string): PastAnswer => ({ answer: text, by: "Ann", account: "ann", host: "desk", at: minuteOf(minutes), ...(reason === undefined ? {} : { reason }) });

/** A time so many minutes after setup began. */
export function minuteOf(minutes: number): string {
  return new Date(Date.UTC(2008, 2, 15, 9, minutes)).toISOString();
}

/** One turn of an installation on the passive node. */
export function go(changes: Readonly<Record<string, Fact>> = {}, before: Partial<Past> = {}, inputs: Readonly<Record<string, unknown>> = {}): Turn {
  return turn(exchangeInstallRollup, { file: FILE, build: "8.1.263.1", mailbox_server: "EXCLUS1", ...inputs }, { ...PAIR, ...changes }, past(before));
}
/** What is decided in it. */
export const decide = (...given: Parameters<typeof go>): Turn["decision"] => go(...given).decision;

import type { Action, ActionResult, JobResult } from "../../../src/core/action.ts";
import type { ActionCall, AnyBuiltin, Decision, Fact, Facts, Past, PastAct } from "../../../src/core/builtin.ts";
import { canonicalJson, type JsonObject } from "../../../src/core/json.ts";
import { isRequired } from "../../../src/core/schema.ts";

/** An answer of the world, as the fact that it becomes. */
export function answer(value: ActionResult): Fact {
  return { kind: "ok", value };
}
/** What a program printed and its exit code. */
export function printed(stdout: string, exitCode = 0, stderr = ""): Fact {
  return answer({ exitCode, stdout, stderr, droppedBytes: 0 });
}
/** The records of a cmdlet. */
export function records(...found: readonly JsonObject[]): Fact {
  return answer({ records: found });
}
/** An error of the world. */
export function failed(code: string, because: string): Fact {
  return { kind: "failed", failure: { code, because } };
}
/** A broken channel. */
export const LOST: Fact = { kind: "lost", because: "the channel broke" };
/** Answers that no reading can understand, and that none may throw for. */
export const GARBLED: Readonly<Record<string, Fact>> = {
  "an empty answer": printed(""),
  "a binary answer": printed("\u0000\u0001\u0002\uFFFD\u001b[31m".repeat(50)),
  "a huge line": printed("-".repeat(200_000)),
  "a huge blank line": printed(`${" ".repeat(200_000)}x`),
  "a cut answer": answer({ exitCode: 0, stdout: "x", stderr: "", droppedBytes: 5 }),
};

/** Rows below the heads of the cluster's tables (domain page, 3.1). */
export function nodeTable(...rows: readonly string[]): Fact {
  return printed(`Listing status for all available nodes:\r\n\r\nNode           Node ID Status\r\n-------------- ------- ---------------------\r\n${rows.map((row) => `${row}\r\n`).join("")}\r\n`);
}
export function groupTable(...rows: readonly string[]): Fact {
  return printed(`Listing status for all available resource groups:\r\n\r\nGroup                Node            Status\r\n-------------------- --------------- ------\r\n${rows.map((row) => `${row}\r\n`).join("")}\r\n`);
}
export function resourceTable(...rows: readonly string[]): Fact {
  return printed(`Listing status for all available resources:\r\n\r\nResource             Group                Node            Status\r\n-------------------- -------------------- --------------- ------\r\n${rows.map((row) => `${row}\r\n`).join("")}\r\n`);
}

/** The resources of the pair, with the witness in a given state. */
export function resourcesOfPair(witness: string): Fact {
  return resourceTable(
    "Cluster IP Address   Cluster Group        NODEA           Online",
    `File Share Witness (\\\\HUB1\\FSW) Cluster Group        NODEA           ${witness}`,
    "Network Name (EXCLUS1) EXCLUS1              NODEA           Online",
    "Exchange Information Store Instance (EXCLUS1) EXCLUS1              NODEA           Online",
    "First Storage Group/Mailbox Database (EXCLUS1) EXCLUS1              NODEA           Online Pending",
  );
}

const PRODUCT = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\Products\\461C2B4266EDEF444B864AD6D9E5B613";
/** Commands whose answers tests change. */
export const PATCHES = `reg.exe query ${PRODUCT}\\Patches /s`;
export const PROPERTIES = `reg.exe query ${PRODUCT}\\InstallProperties /v DisplayVersion`;
export const SETUP_PATH = "reg.exe query HKLM\\SOFTWARE\\Microsoft\\Exchange\\Setup /v MsiInstallPath";
export const ABSENT_KEY = printed("", 1, "ERROR: The system was unable to find the specified registry key or value.\r\n");

/** A patch as the registry prints it. */
export function patch(displayName: string, state: number, code = "1A"): string {
  return `HKEY_LOCAL_MACHINE\\SOFTWARE\\Patches\\${code}\r\n    DisplayName    REG_SZ    ${displayName}\r\n    Installed    REG_SZ    20080315\r\n    State    REG_DWORD    0x${state.toString(16)}\r\n    Empty    REG_SZ    \r\n\r\n`;
}
export const UR1 = "Update Rollup 1 for Exchange Server 2007 Service Pack 1 (KB945684) 8.1.263.1";
/** The patches of a node that has the rollup. */
export const PATCHED = printed(`\r\n${patch(UR1, 1)}`);
/** The answer about `ExSetup.exe`. */
export function exsetup(version: string): Fact {
  return records({ FullName: "C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\ExSetup.exe", Length: 41408, "VersionInfo.FileVersion": version });
}

/** A good copy of a storage group. */
export const COPY: JsonObject = {
  Identity: "EXCLUS1\\First Storage Group", StorageGroupName: "First Storage Group", SummaryCopyStatus: "Healthy", CopyQueueLength: 0, ReplayQueueLength: 3,
  Suspend: false, FailedMessage: "", LastInspectedLogTime: "2008-03-15T08:59:00.000Z", CCRTargetNode: "nodeb",
};
/** A mounted database with a backup. */
export const DATABASE: JsonObject = { Name: "Mailbox Database", StorageGroupName: "First Storage Group", Mounted: true, BackupInProgress: false, LastFullBackup: "2008-03-14T22:00:00Z" };
/** The status of the mailbox server. */
export function status(state: string, machines: readonly string[], failedResources: readonly string[] = []): Fact {
  return records({ Identity: "exclus1", ClusteredMailboxServerName: "EXCLUS1.contoso.example", State: state, OperationalMachines: machines, FailedResources: failedResources });
}
export const ON_A = status("Online", ["NODEA <Active, Quorum Owner>", "NODEB"]);
export const ON_B = status("Online", ["NODEA <Quorum Owner>", "NODEB <Active>"]);

/** What the pair answers on NODEB, the passive node at the base of service pack 1. By command line. */
export const PAIR: Readonly<Record<string, Fact>> = {
  "hostname.exe": printed("NODEB\r\n"),
  "cluster.exe node /status": nodeTable("NODEA                1 Up", "NODEB                2 Up"),
  "cluster.exe group /status": groupTable("Cluster Group        NODEA           Online", "Available Storage    NODEA           Offline", "EXCLUS1              NODEA           Online"),
  "cluster.exe res /status": resourcesOfPair("Online"),
  [PATCHES]: printed(`\r\nHKEY_LOCAL_MACHINE\\${PRODUCT.slice(5)}\\Patches\r\n`),
  [PROPERTIES]: printed("\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\InstallProperties\r\n    DisplayVersion    REG_SZ    8.1.240.6\r\n\r\n"),
  [SETUP_PATH]: printed("\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Exchange\\Setup\r\n    MsiInstallPath    REG_SZ    C:\\Program Files\\Microsoft\\Exchange Server\\\r\n\r\n"),
  "Get-Item C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\ExSetup.exe": exsetup("08.01.0240.006"),
  "Get-MailboxServer": records({ Name: "EXCLUS1", ClusteredStorageType: "NonShared", RedundantMachines: ["nodea", "nodeb"] }),
  "Get-ExchangeServer": records({ Name: "EXCLUS1", AdminDisplayVersion: "Version 8.1 (Build 240.6)", Edition: "Enterprise" }),
  "Get-ClusteredMailboxServerStatus": ON_A,
  "Get-StorageGroupCopyStatus": records(COPY, { ...COPY, StorageGroupName: "Second Storage Group" }),
  "Get-MailboxDatabase": records(DATABASE, { ...DATABASE, Name: "Second Database", LastFullBackup: "2008-03-13T22:00:00Z" }),
  "Get-WmiObject Win32_Service": records({ Name: "MSExchangeIS", StartMode: "Manual", State: "Stopped" }, { Name: "MSExchangeRepl", StartMode: "Auto", State: "Running" }, { Name: "Spooler", StartMode: "Disabled", State: "Stopped" }),
  "Get-WmiObject Win32_OperatingSystem": records({ LocalDateTime: "2008-03-15T09:00:00.000Z", LastBootUpTime: "2008-03-01T00:00:00.000Z" }),
  jobs: answer({ jobs: [] }),
  "stat D:\\ur\\package.msp": answer({ exists: true, bytes: 58_000_000, sha256: "ab", folder: false }),
};

/** What a person would type for an action: the key of its answer. */
function commandOf(action: Action): string {
  switch (action.kind) {
    case "program": return [action.program, ...action.args].join(" ");
    case "cmdlet": return [action.name, action.parameters["Class"] ?? action.parameters["LiteralPath"] ?? action.parameters["Path"] ?? ""].join(" ").trim();
    case "stat": return `stat ${action.path}`;
    case "jobs": return "jobs";
    default: throw new Error(`a look may not hold ${action.kind}`);
  }
}

/** A past without anything in it, or with what is given. */
export function past(changes: Partial<Past> = {}): Past {
  return { attempt: 1, elapsedMs: 0, acts: [], answers: [], ...changes };
}
/** Something the step did in this attempt. */
export function act(action: string, outcome: PastAct["outcome"], changes: Partial<PastAct> = {}): PastAct {
  return { attempt: 1, action, fill: {}, outcome, startedMs: 0, ...changes };
}
/** A job of msiexec. */
export function setupJob(changes: Partial<JobResult> = {}): JobResult {
  return { name: "job1", state: "running", program: "msiexec.exe", args: ["/update", "D:\\ur\\package.msp", "/quiet"], startedAt: "2008-03-15T09:00:00Z", logBytes: 4_000, logTail: "", ...changes };
}

/** One turn: what was read, and what was decided. */
export interface Turn {
  readonly facts: Facts;
  readonly calls: Readonly<Record<string, ActionCall>>;
  readonly decision: Decision<Readonly<Record<string, unknown>>>;
  /** The actions of an `act`, as they would be carried out. */
  readonly actions: readonly Action[];
}

/** Looks at a world that answers by command and decides. A command that it does not know is `not_found`, as in any world. */
export function turn(builtin: AnyBuiltin, given: Readonly<Record<string, unknown>>, answers: Readonly<Record<string, Fact>>, before: Past = past()): Turn {
  const defaults = Object.entries(builtin.inputs).filter(([, schema]) => !isRequired(schema) && "default" in schema && schema.default !== undefined);
  const inputs = { ...Object.fromEntries(defaults.map(([name, schema]) => [name, "default" in schema ? schema.default : undefined])), ...given };
  const facts: Record<string, Fact> = {};
  for (;;) {
    const calls = builtin.look(inputs, facts, before);
    const fresh = Object.entries(calls).filter(([name]) => facts[name] === undefined);
    for (const [name, call] of fresh) {
      const declaration = builtin.actions[call.action];
      if (declaration?.effect !== "reads") throw new Error(`the look names ${call.action}, which is no declared reading`);
      const command = commandOf(declaration.make(inputs, call.fill ?? {}));
      facts[name] = answers[command] ?? failed("not_found", `${command} does not exist`);
    }
    if (fresh.length > 0) continue;
    const decision = builtin.decide(inputs, facts, before, { address: "nodeb", isLocal: false });
    const actions = decision.kind !== "act" ? [] : decision.actions.map((call) => {
      const declaration = builtin.actions[call.action];
      if (declaration === undefined) throw new Error(`${call.action} is not declared`);
      return declaration.make(inputs, call.fill ?? {});
    });
    canonicalJson(decision);
    return { facts, calls, decision, actions };
  }
}

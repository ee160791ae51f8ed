import type { StartMode } from "./job-state.ts";

/** A service of a healthy node. */
export interface UsualService {
  readonly name: string;
  readonly displayName: string;
  readonly startMode: StartMode;
  /** Running on the node that owns the mailbox server, on the other, or nowhere. */
  readonly runs: "everywhere" | "active" | "nowhere";
  readonly exchange: boolean;
  readonly dependsOn: readonly string[];
  /** Of managed code, and so in danger of the 30 s limit without revocation lists (domain page, 2.8; which ones are is from memory). */
  readonly managed?: boolean;
  /** From which base version on it is there. */
  readonly from?: string;
}

const DIRECTORY = ["MSExchangeADTopology"];
/** Exchange services that are not of managed code. From memory. */
const NATIVE: ReadonlySet<string> = new Set(["MSExchangeIS", "MSExchangeSA", "msftesql-Exchange", "WSBExchange"]);

function exchange(name: string, displayName: string, startMode: StartMode, runs: UsualService["runs"], dependsOn: readonly string[] = DIRECTORY): UsualService {
  return { name, displayName: `Microsoft Exchange ${displayName}`, startMode, runs, exchange: true, dependsOn, ...(NATIVE.has(name) ? {} : { managed: true }) };
}
function windows(name: string, displayName: string, startMode: StartMode): UsualService {
  return { name, displayName, startMode, runs: "everywhere", exchange: false, dependsOn: [] };
}

/** The services of a mailbox cluster node (domain page, 3.5; most startup types and all dependencies there are from memory), and those of Windows that newer setups disable too. */
export const USUAL_SERVICES: readonly UsualService[] = [
  exchange("MSExchangeADTopology", "Active Directory Topology Service", "Auto", "everywhere", []),
  exchange("MSExchangeIS", "Information Store", "Manual", "active"),
  exchange("MSExchangeSA", "System Attendant", "Manual", "active"),
  exchange("MSExchangeRepl", "Replication Service", "Auto", "everywhere"),
  exchange("MSExchangeMailboxAssistants", "Mailbox Assistants", "Auto", "everywhere"),
  exchange("MSExchangeMailSubmission", "Mail Submission Service", "Auto", "everywhere"),
  exchange("MSExchangeSearch", "Search Indexer", "Auto", "everywhere", [...DIRECTORY, "msftesql-Exchange"]),
  { ...exchange("msftesql-Exchange", "", "Manual", "everywhere", []), displayName: "Microsoft Search (Exchange)" },
  exchange("MSExchangeServiceHost", "Service Host", "Auto", "everywhere"),
  exchange("MSExchangeTransportLogSearch", "Transport Log Search", "Auto", "everywhere"),
  exchange("MSExchangeMonitoring", "Monitoring", "Manual", "nowhere"),
  { ...exchange("WSBExchange", "", "Manual", "nowhere", []), displayName: "Microsoft Exchange Server Extension for Windows Server Backup", from: "8.2" },
  windows("ClusSvc", "Cluster Service", "Auto"),
  { ...windows("msiserver", "Windows Installer", "Manual"), runs: "nowhere" },
  windows("Winmgmt", "Windows Management Instrumentation", "Auto"),
  windows("RemoteRegistry", "Remote Registry", "Auto"),
  windows("W3SVC", "World Wide Web Publishing Service", "Auto"),
  windows("IISADMIN", "IIS Admin Service", "Auto"),
  { ...windows("pla", "Performance Logs & Alerts", "Manual"), runs: "nowhere" },
];

import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import type { JsonObject } from "../../../core/json.ts";
import { parseReading, unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import type { TypeOf } from "../../../core/schema.ts";
import { recordsOf, textField } from "../../../formats/cmdlet-record.ts";
import { dwordOf, parseRegistryQuery } from "../../../formats/registry-query.ts";

/** How a Windows service is started (`Win32_Service.StartMode`; domain page, 3.5). */
export const START_MODES = ["Auto", "Manual", "Disabled", "Boot", "System"] as const;

/** A service as it stands: one entry of a snapshot. */
export const SERVICE = {
  type: "object",
  properties: {
    name: { type: "string", description: "Short name, as `sc.exe` takes it" },
    start_mode: { type: "string", enum: START_MODES, description: "How it is started" },
    state: { type: "string", description: "`Running`, `Stopped`, `Start Pending`, `Stop Pending` or `Paused`" },
    delayed: { type: "boolean", required: false, description: "An `Auto` service that starts a while after the others (Server 2008 and later); absent where that is not known" },
  },
} as const;

/** What `windows.services_snapshot` remembered, as an input of the builtins that compare and restore. */
export const SNAPSHOT = {
  type: "object",
  remember: true,
  description: "The outputs of the `windows.services_snapshot` that was remembered",
  properties: { services: { type: "list", items: SERVICE }, disabled: { type: "list", items: { type: "string" }, required: false, description: "The services of Exchange that were disabled then" } },
} as const;

/** The services as they stand now, as an output. */
export const SERVICES = { type: "list", items: SERVICE, description: "The services as they stand now, by name" } as const;

/** A service as it stands. */
export type Service = TypeOf<typeof SERVICE>;

/** Reads every service of the target. WMI, because `Get-Service` tells no start mode before PowerShell 5 (domain page, 3.5). */
export const READ_SERVICES: ActionDeclaration<unknown> = {
  effect: "reads",
  title: "Read the services",
  make: () => ({ kind: "cmdlet", name: "Get-WmiObject", parameters: { Class: "Win32_Service" }, properties: ["Name", "DisplayName", "StartMode", "State"] }),
};

/** The registry's `DelayedAutostart`, which WMI does not tell: it calls such services Auto, too (domain page, 3.5). */
const SERVICES_KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Services";
const DELAYED = "DelayedAutostart";

/** Reads which services start delayed. Only keys that have the value are printed, some dozens of lines; before Server 2008 there is none. */
export const READ_DELAYED: ActionDeclaration<unknown> = {
  effect: "reads",
  title: "Read which services start delayed",
  make: () => ({ kind: "program", program: "reg.exe", args: ["query", SERVICES_KEY, "/s", "/v", DELAYED] }),
};

/** Services by name, in lower case, with whether they start delayed; undefined where that cannot be read, since nothing that was read before is worth less for it. */
function delayedIn(facts: Facts): ReadonlyMap<string, boolean> | undefined {
  const keys = parseReading(facts, "delayed", "program", (answer) => parseRegistryQuery("which services start delayed", answer));
  if (keys.kind === "error") return undefined;
  return new Map(keys.value.map(({ path, values }) => [path.slice(path.lastIndexOf("\\") + 1).toLowerCase(), dwordOf(values.get(DELAYED.toLowerCase())) === 1]));
}

/** Windows names services without regard to case. */
export function sameService(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** True for a service that belongs to Exchange or to the cluster under it (domain page, table in 3.5). */
export function isExchangeService(name: string): boolean {
  return /^(?:MSExchange|msftesql-Exchange$|WSBExchange$|ClusSvc$)/i.test(name);
}

/** The Cluster service: what starts it is `cluster.start_node`, which also sees whether the node comes back (domain page, F25). */
export function isClusterService(name: string): boolean {
  return sameService(name, "ClusSvc");
}

/** Services that Exchange setups were seen to leave disabled although they are not Exchange's own (domain page, 3.5, G26). */
const BYSTANDERS: readonly string[] = ["Winmgmt", "RemoteRegistry", "W3SVC", "IISADMIN", "pla"];

/** True for a service that a snapshot holds where no names are given. */
export function isWatchedService(name: string): boolean {
  return isExchangeService(name) || BYSTANDERS.some((bystander) => sameService(bystander, name));
}

/** True for a service that the cluster starts and stops: on a clustered mailbox server it stays `Manual`, and it does not run on the passive node (domain page, 3.5). */
export function isClusterOwned(name: string): boolean {
  return /^MSExchange(?:IS|SA)$/i.test(name);
}

function chosenServices(records: readonly JsonObject[], delayed: ReadonlyMap<string, boolean> | undefined, chosen: (name: string) => boolean): Reading<readonly Service[]> {
  const services: Service[] = [];
  for (const record of records) {
    const name = textField(record, "Name") ?? "";
    if (!chosen(name)) continue;
    const mode = textField(record, "StartMode");
    const startMode = START_MODES.find((known) => known === mode);
    const state = textField(record, "State");
    if (startMode === undefined || state === undefined) {
      return unreadable(`the service ${name}`, `expected a start mode (${START_MODES.join(", ")}) and a state, found \`${mode ?? ""}\` and \`${state ?? ""}\``);
    }
    const isDelayed = delayed === undefined || startMode !== "Auto" ? undefined : (delayed.get(name.toLowerCase()) ?? false);
    services.push({ name, start_mode: startMode, state, ...(isDelayed === undefined ? {} : { delayed: isDelayed }) });
  }
  return ok(services.toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)));
}

/** The reading `services`: those that are chosen, by name. */
export function servicesIn(facts: Facts, chosen: (name: string) => boolean): Reading<readonly Service[]> {
  return parseReading(facts, "services", "cmdlet", (answer) => {
    const records = recordsOf("the services", answer);
    return records.kind === "error" ? records : chosenServices(records.value, delayedIn(facts), chosen);
  });
}

/** The reading `services`: those that a snapshot names. */
export function servicesOfSnapshot(facts: Facts, snapshot: readonly Service[]): Reading<readonly Service[]> {
  return servicesIn(facts, (name) => snapshot.some((service) => sameService(service.name, name)));
}

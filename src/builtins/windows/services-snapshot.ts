import { defineBuiltin } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { withoutReading } from "../../core/reading.ts";
import { isExchangeService, isWatchedService, READ_DELAYED, READ_SERVICES, sameService, SERVICES, servicesIn } from "./shared/services.ts";

/** How `sc.exe` names the start mode of services that do not start automatically on a healthy node (domain page, table in 3.5). */
const USUAL_START: ReadonlyMap<string, string> = new Map(["MSExchangeIS", "MSExchangeSA", "msftesql-Exchange", "MSExchangeMonitoring", "WSBExchange"].map((name) => [name.toLowerCase(), "demand"]));

/** `windows.services_snapshot`: how the services stand before something changes them. */
export const windowsServicesSnapshot = defineBuiltin({
  name: "windows.services_snapshot",
  title: "Remember how the services stand",
  docs: [
    "Start mode and state of the services that an update of Exchange may change, to be compared and restored later. Use it with `remember: true`: then it is given back after a crash, and never read again from a half-changed system.",
    "",
    "Without `names` it takes the services of Exchange, the Cluster service, and those that Exchange setups were seen to leave disabled (`Winmgmt`, `RemoteRegistry`, `W3SVC`, `IISADMIN`, `pla`), as far as they exist.",
    "",
    "A service that starts delayed is remembered as such: WMI calls it Auto, so the registry is read beside it.",
    "",
    "A disabled service of Exchange is the trace of an update that failed half-way: a snapshot of it would make the damage the goal. So it is refused (`suspicious`) unless `allow_disabled` says that it is meant.",
  ].join("\n"),
  examples: [
    {
      title: "Before an update",
      yaml: ["- id: services_before", "  uses: windows.services_snapshot", "  target: node_b", "  remember: true"].join("\n"),
    },
  ],
  inputs: {
    names: { type: "list", items: { type: "string" }, required: false, description: "Short names of the services; without it those of Exchange and around it" },
    allow_disabled: { type: "boolean", default: false, description: "Take a disabled service of Exchange as it is" },
  },
  outputs: {
    services: SERVICES,
    disabled: { type: "list", items: { type: "string" }, description: "The services of Exchange among them that are disabled" },
  },
  codes: { suspicious: "a service of Exchange is disabled: an earlier update may have failed half-way" },
  place: "required",
  timeoutMs: 120_000,
  actions: { services: READ_SERVICES, delayed: READ_DELAYED },
  look: () => ({ delayed: { action: "delayed" }, services: { action: "services" } }),
  decide(inputs, facts, past, place) {
    const { names } = inputs;
    const services = servicesIn(facts, names === undefined ? isWatchedService : (name) => names.some((wanted) => sameService(wanted, name)));
    if (services.kind === "error") return withoutReading(past, services.error);
    const absent = (names ?? []).filter((wanted) => !services.value.some(({ name }) => sameService(name, wanted)));
    if (absent.length > 0) return giveUp(past, "not_found", `there is no service ${absent.join(", ")}`);
    const disabled = services.value.filter(({ name, start_mode }) => start_mode === "Disabled" && isExchangeService(name)).map(({ name }) => name);
    if (disabled.length > 0 && !inputs.allow_disabled) {
      const cures = disabled.map((name) => `\`sc.exe config ${name} start= ${USUAL_START.get(name.toLowerCase()) ?? "auto"}\``);
      return giveUp(past, "suspicious", `\`Get-WmiObject Win32_Service\` on ${place.address} shows as Disabled: ${disabled.join(", ")}. A setup runs there, or one failed half-way, and that is no state to be remembered. Let the run restore them that remembers what they were; else wait until no setup runs, and set them by hand: ${cures.join(", ")}`);
    }
    return { kind: "done", outputs: { services: services.value, disabled }, because: `${services.value.length} services are remembered` };
  },
});

import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import { paint, type Style } from "./style.ts";
import { table } from "./table.ts";
import { oneLine } from "./terminal-text.ts";
import { dayAndHourOf } from "../core/time.ts";
import { aboutDuration } from "./time-text.ts";
import { valueText } from "./value-text.ts";

/**
 * A simulated system for people: the clustered server, nodes, groups, copies, outages, and what was broken. `all` adds every
 * service, file and job. Read from the document of `world show --json`; what it lacks is left out.
 */
export function worldLines(system: string, world: Json, extent: "what matters" | "all", style: Style): readonly string[] {
  const root = object(world);
  const clock = object(root["clock"]);
  const server = object(root["mailbox_server"]);
  const cluster = object(root["cluster"]);
  const backups = objects(clock["storage_groups"]).filter((group) => group["backup_running"] === true).map((group) => text(group["name"]));
  const section = (title: string, rows: readonly (readonly string[])[]): readonly string[] => (rows.length === 0 ? [] : ["", paint(style, "strong", title), ...table(rows, style.columns)]);
  return [
    paint(style, "strong", `${oneLine(system)} (simulated), world ${text(root["world"])}`),
    ...table([
      ["time", `${dayAndHourOf(text(clock["now"]))}, ${aboutDuration(Number(clock["elapsed_ms"] ?? 0))} after its start, ${text(clock["changing_commands"])} changing commands`],
      ["cluster", `${text(cluster["name"])}, ${cluster["quorum"] === true ? "quorum" : "NO QUORUM"} with ${text(cluster["votes"])} votes${object(cluster["witness"])["reachable"] === false ? ", the witness is UNREACHABLE" : ""}`],
      ["mailbox", `${text(server["name"])} ${text(server["state"])} on ${text(server["active_node"])}${server["stopped"] === undefined ? "" : `, stopped: ${text(server["stopped"])}`}`],
      ...(backups.length === 0 ? [] : [["backup", `running: ${backups.join(", ")}`]]),
    ], style.columns),
    ...section("Nodes", objects(root["nodes"]).map(nodeRow)),
    ...section("Groups", objects(cluster["groups"]).map((group) => [text(group["name"]), text(group["owner"]), text(group["state"]), group["goes_back_to"] === undefined ? "" : `goes back to ${text(group["goes_back_to"])} when that joins`])),
    ...section("Storage groups", objects(server["storage_groups"]).map((group) => storageRow(group, clock))),
    ...section("Outages of the mailbox server", outageRows(clock)),
    ...section("Rules of the procedure that were broken", objects(root["broken"]).map((broken) => [text(broken["invariant"]), DOERS[text(broken["by"])] ?? "", text(broken["because"])])),
    ...(extent === "all" ? objects(root["nodes"]).flatMap((node) => nodeDetails(node, clock, section)) : []),
  ];
}

/** Who set something off, in a word. */
const DOERS: Readonly<Record<string, string>> = { call: "a run", person: "a person", event: "an event" };

/** The newest entries of an event log are shown, so many. */
const SHOWN_EVENTS = 20;

type Section = (title: string, rows: readonly (readonly string[])[]) => readonly string[];

function nodeRow(node: JsonObject): readonly string[] {
  const updates = objects(node["updates"]).map((update) => text(update["name"]));
  const troubled = objects(node["services"]).filter((service) => service["start_mode"] === "Auto" && service["state"] !== "Running").map((service) => `${text(service["name"])} ${text(service["state"])}`);
  const pending = list(node["restart_pending"]);
  const notes = [
    updates.length === 0 ? "no rollup" : updates.join(", "),
    ...(pending.length === 0 ? [] : [`a restart is due (${pending.map(text).join(", ")})`]),
    ...(troubled.length === 0 ? [] : [`not running: ${troubled.slice(0, 4).join(", ")}${troubled.length > 4 ? ` and ${troubled.length - 4} more` : ""}`]),
  ];
  return [text(node["name"]), text(node["state"]), text(node["file_build"]), notes.join("; ")];
}

function storageRow(group: JsonObject, clock: JsonObject): readonly string[] {
  const logs = objects(clock["storage_groups"]).find((other) => other["name"] === group["name"]);
  const queues = logs === undefined ? "" : `, ${text(logs["copy_queue"])} logs to copy, ${text(logs["replay_queue"])} to replay`;
  return [text(group["name"]), group["mounted"] === true ? "mounted" : "NOT MOUNTED", `copy ${text(group["copy"])}${queues}`];
}

/** One row for each, and their sum where there are several (domain page, 11.11). */
function outageRows(clock: JsonObject): readonly (readonly string[])[] {
  const rows = objects(clock["outages"]).map((outage) => [
    outage["ms"] === undefined ? "not over" : aboutDuration(Number(outage["ms"])),
    outage["cause"] === "fault" ? (DOERS[text(outage["by"])] ?? "fault") : text(outage["cause"]),
    `from ${dayAndHourOf(text(outage["from"]))}`,
  ]);
  return rows.length < 2 ? rows : [...rows, [aboutDuration(Number(clock["outage_sum_ms"] ?? 0)), "in all", ""]];
}

function nodeDetails(node: JsonObject, clock: JsonObject, section: Section): readonly string[] {
  const name = text(node["name"]);
  const timed = objects(clock["nodes"]).find((other) => other["name"] === node["name"]);
  return [
    ...section(`Services of ${name}`, objects(node["services"]).map((service) => [text(service["name"]), text(service["start_mode"]), text(service["state"])])),
    ...section(`Files of ${name}`, objects(node["files"]).map((file) => [text(file["path"]), `${text(file["bytes"])} bytes`, text(file["sha256"]).slice(0, 16)])),
    ...section(`Event log of ${name}`, objects(timed?.["event_log"]).slice(-SHOWN_EVENTS).map((event) => [dayAndHourOf(text(event["at"])), `${text(event["source"])} ${text(event["id"])}`, `${event["type"] === "Information" ? "" : `${text(event["type"])}: `}${text(event["message"])}`])),
    ...section(`Jobs of ${name}`, objects(timed?.["jobs"]).map((job) => [text(job["name"]), text(job["state"]), `${text(job["program"])}${job["exit_code"] === undefined ? "" : `, exit code ${text(job["exit_code"])}`}`])),
  ];
}

function object(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return list(value).filter(isJsonObject);
}

function text(value: Json | undefined): string {
  return value === undefined ? "–" : valueText(value);
}

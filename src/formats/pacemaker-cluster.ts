import type { ProgramAction, ProgramResult } from "../core/action.ts";
import { unreadable, type Reading } from "../core/reading.ts";
import { error, ok } from "../core/result.ts";
import { excerpt } from "./excerpt.ts";
import { childOf, childrenOf, parseXml, type XmlElement } from "./xml.ts";

/** How a node of a Pacemaker cluster stands. `online`: it may run resources. `standby`: it may not, by somebody's order. */
export const PACEMAKER_NODE_STATES = ["online", "standby", "maintenance", "pending", "shutting down", "unclean", "offline"] as const;

/** One of {@link PACEMAKER_NODE_STATES}. */
export type PacemakerNodeState = (typeof PACEMAKER_NODE_STATES)[number];

/** A member of the cluster. */
export interface PacemakerNode {
  readonly name: string;
  readonly state: PacemakerNodeState;
  /** Node attributes, as text: the promotion score of the resource `db` is `master-db`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** One running, or not running, copy of a resource. */
export interface PacemakerInstance {
  readonly id: string;
  /** `Started`, `Stopped`, `Promoted`, `Unpromoted`, or what it is on its way to. Clusters before 2.1 say `Master` and `Slave`: read as `Promoted`, `Unpromoted`. */
  readonly role: string;
  /** Where it runs; undefined where it does not. */
  readonly node: string | undefined;
  readonly failed: boolean;
  readonly blocked: boolean;
  readonly managed: boolean;
}

/** What is moved and started as one: a group, a clone, or a resource that is in neither. */
export interface PacemakerUnit {
  readonly id: string;
  readonly kind: "group" | "clone" | "resource";
  /** A clone of which one copy, or some, has the leading role. */
  readonly promotable: boolean;
  /** A device that cuts a node's power: it belongs to the cluster itself. */
  readonly fencing: boolean;
  readonly instances: readonly PacemakerInstance[];
}

/** A rule that keeps a resource from a node. */
export interface PacemakerBan {
  readonly id: string;
  readonly resource: string;
  readonly node: string;
  readonly promotedOnly: boolean;
}

/** An action of the cluster on a resource that failed, as the cluster remembers it until `crm_resource --cleanup`. */
export interface PacemakerFailure {
  /** The resource, without the number of its copy. */
  readonly resource: string;
  /** `start`, `stop`, `promote`, `demote`, `monitor` … */
  readonly task: string;
  readonly node: string;
  /** When, as the cluster writes it; "" where it does not say. */
  readonly at: string;
  /** The agent's own words; "" where it has none. */
  readonly because: string;
}

/** A Pacemaker cluster, as the node that was asked sees it. */
export interface PacemakerCluster {
  readonly quorate: boolean;
  /** Pacemaker leaves every resource alone. */
  readonly maintenance: boolean;
  readonly nodes: readonly PacemakerNode[];
  readonly units: readonly PacemakerUnit[];
  readonly bans: readonly PacemakerBan[];
  readonly failures: readonly PacemakerFailure[];
}

/** The call whose answer {@link parseCrmMon} reads. Since Pacemaker 2.0.3 (`crm_mon(8)`). */
export const CRM_MON: ProgramAction = { kind: "program", program: "crm_mon", args: ["-1", "--output-as=xml"] };

/** `crm_mon` where no cluster runs on this node (exit code CRM_EX_DISCONNECT of `crm_error --list --exit`). */
const NOT_CONNECTED = 102;

const ROLES: Readonly<Record<string, string>> = { Master: "Promoted", Slave: "Unpromoted" };

/** A role in the words of today: clusters before 2.1 say `Master` and `Slave`. "" where none is written. */
export function roleOf(written: string | undefined): string {
  return written === undefined ? "" : (ROLES[written] ?? written);
}

function isSet(element: XmlElement | undefined, attribute: string): boolean {
  return element?.attributes[attribute] === "true";
}

function stateOf(node: XmlElement): PacemakerNodeState {
  if (isSet(node, "unclean")) return "unclean";
  if (!isSet(node, "online")) return "offline";
  if (isSet(node, "pending")) return "pending";
  if (isSet(node, "shutdown")) return "shutting down";
  if (isSet(node, "maintenance")) return "maintenance";
  return isSet(node, "standby") || isSet(node, "standby_onfail") ? "standby" : "online";
}

function instanceOf(resource: XmlElement): PacemakerInstance {
  return {
    id: resource.attributes["id"] ?? "", role: roleOf(resource.attributes["role"]), node: childOf(resource, "node")?.attributes["name"],
    failed: isSet(resource, "failed"), blocked: isSet(resource, "blocked"), managed: isSet(resource, "managed"),
  };
}

/** Every resource below an element: a clone may hold groups. */
function resourcesBelow(element: XmlElement): readonly XmlElement[] {
  return element.name === "resource" ? [element] : element.children.flatMap(resourcesBelow);
}

function unitOf(element: XmlElement): PacemakerUnit {
  const resources = resourcesBelow(element);
  return {
    id: element.attributes["id"] ?? "", kind: element.name === "group" || element.name === "clone" ? element.name : "resource", promotable: isSet(element, "multi_state"),
    fencing: resources.length > 0 && resources.every(({ attributes }) => attributes["resource_agent"]?.startsWith("stonith:") === true), instances: resources.map(instanceOf),
  };
}

function attributesOf(root: XmlElement, node: string): Readonly<Record<string, string>> {
  const found = childrenOf(childOf(root, "node_attributes"), "node").find(({ attributes }) => attributes["name"] === node);
  return Object.fromEntries(childrenOf(found, "attribute").map(({ attributes }) => [attributes["name"] ?? "", attributes["value"] ?? ""]));
}

function failureOf({ attributes: { op_key: key = "", task = "", node = "", "last-rc-change": at = "", exitreason: because = "" } }: XmlElement): PacemakerFailure {
  return { resource: key.replace(/(?::\d+)?_[a-z]+_\d+$/, ""), task, node, at, because };
}

/** The cluster from what `crm_mon` printed. A cluster that does not run on the node that was asked is `unreachable`. */
export function parseCrmMon({ exitCode, stdout, stderr, droppedBytes }: ProgramResult): Reading<PacemakerCluster> {
  if (exitCode === NOT_CONNECTED) return error({ code: "unreachable", because: "`crm_mon` finds no cluster: Pacemaker does not run on this node. See `systemctl status corosync pacemaker`, and start it with `systemctl start pacemaker`" });
  if (exitCode !== 0) return error({ code: "unreachable", because: `\`crm_mon\` ended with ${exitCode}: ${excerpt(stderr === "" ? stdout : stderr)}` });
  if (droppedBytes > 0) return unreadable("`crm_mon`", `the answer is too long, ${droppedBytes} bytes were dropped`);
  const parsed = parseXml(stdout);
  if (parsed.kind === "error") return unreadable("`crm_mon`", parsed.error);
  const root = parsed.value;
  const summary = childOf(root, "summary");
  const nodes = childrenOf(childOf(root, "nodes"), "node");
  if (summary === undefined || nodes.length === 0) return unreadable("`crm_mon`", "it names no node. Pacemaker 2.0.3 or later is needed");
  return ok({
    quorate: isSet(childOf(summary, "current_dc"), "with_quorum"),
    maintenance: isSet(childOf(summary, "cluster_options"), "maintenance-mode"),
    nodes: nodes.map((node) => ({ name: node.attributes["name"] ?? "", state: stateOf(node), attributes: attributesOf(root, node.attributes["name"] ?? "") })),
    units: childOf(root, "resources")?.children.map(unitOf) ?? [],
    bans: childrenOf(childOf(root, "bans"), "ban").filter(({ attributes }) => Number(attributes["weight"]) <= -1_000_000).map((ban) => ({
      id: ban.attributes["id"] ?? "", resource: ban.attributes["resource"] ?? "", node: ban.attributes["node"] ?? "", promotedOnly: isSet(ban, "promoted-only") || isSet(ban, "master_only"),
    })),
    failures: childrenOf(childOf(root, "failures"), "failure").map(failureOf),
  });
}

import { isJsonObject, type Json } from "../core/json.ts";
import type { WorldsDocument } from "./documents.ts";
import { paint, type Style } from "./style.ts";
import { oneLine, wrapped } from "./terminal-text.ts";

/** Every simulated system for people: its name, what is special about it, and how it stands. `command` says how one is named. */
export function worldListLines({ systems }: WorldsDocument, command: string, style: Style): readonly string[] {
  if (systems.length === 0) return ["The inventory has no simulated system."];
  const blocks = systems.flatMap(({ system, description, world }) => [
    paint(style, "strong", oneLine(system)),
    ...wrapped(description ?? "", style.columns, "    ").filter((line) => line.trim() !== ""),
    ...wrapped(standing(world), style.columns, "    "),
  ]);
  return [...blocks, "", `To use one: ${command}`];
}

function field(value: Json | undefined, name: string): Json | undefined {
  return value !== undefined && isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function word(value: Json | undefined): string {
  return typeof value === "string" ? oneLine(value) : "–";
}

/** How a system stands, in one line: the mailbox server, and the level of each node. */
function standing(world: Json): string {
  const server = field(world, "mailbox_server");
  const nodes = field(world, "nodes");
  const levels = Array.isArray(nodes) ? (nodes as readonly Json[]).map((node) => `${word(field(node, "name"))} ${word(field(node, "state"))} ${word(field(node, "file_build"))}`) : [];
  return [`${word(field(server, "name"))} ${word(field(server, "state"))} on ${word(field(server, "active_node"))}`, ...levels].join(", ");
}

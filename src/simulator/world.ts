import { error, ok, type Result } from "../core/result.ts";
import type { Json } from "../core/json.ts";
import { beginCall, type Underway, type WorldCall } from "./begin-call.ts";
import { applyFault } from "./apply-fault.ts";
import type { Fault } from "./fault.ts";
import type { NodeState } from "./node-state.ts";
import type { Cause } from "./cause.ts";
import { change, passTime } from "./occur.ts";
import { findGroup, findNode, sameName, type WorldState } from "./world-state.ts";

/** What an address of the run is in the world. */
export type Machine = { readonly kind: "node"; readonly node: NodeState } | { readonly kind: "runner" } | { readonly kind: "none" };

/** A simulated system with its own life: the owner of a {@link WorldState}. Nothing happens in it but by its methods, and only up to the time that it is told. */
export class World {
  readonly state: WorldState;
  readonly #listeners = new Set<() => void>();

  constructor(state: WorldState) {
    this.state = state;
  }

  /** Lets its time pass to a moment, in ms since 1970; an earlier one changes nothing. */
  passTo(atMs: number): void {
    passTime(this.state, atMs);
  }

  /** When the next thing comes about by itself; undefined if nothing is to come. */
  nextMs(): number | undefined {
    return this.state.due[0]?.atMs;
  }

  /** What an address is: a node by its name, in any case and with its domain; the mailbox server's name and the cluster's are the node that owns them now; `local` is the runner's machine. */
  machine(address: string): Machine {
    if (address === "local") return { kind: "runner" };
    const name = address.split(".")[0] ?? address;
    const { cluster, mailboxServer } = this.state;
    const virtual = sameName(name, mailboxServer.name) ? findGroup(this.state, mailboxServer.group) : sameName(name, cluster.name) ? cluster.groups.find((group) => group.kind === "core") : undefined;
    const node = findNode(this.state, virtual?.owner ?? name);
    return node === undefined ? { kind: "none" } : { kind: "node", node };
  }

  /** Begins a call now. After a changing one the listeners are told. */
  begin<T>(node: NodeState | undefined, call: WorldCall<T>): Underway<T> {
    const underway = beginCall(this.state, node, call);
    if (call.changes) this.changed();
    return underway;
  }

  /** What a person does to the system, or it suffers by itself, now. */
  suffer(faults: readonly Fault[], by: Exclude<Cause["by"], "call"> = "person"): void {
    for (const fault of faults) change(this.state, () => applyFault(this.state, fault), { by, what: fault.kind });
    if (faults.length > 0) this.changed();
  }

  /** Calls back after every change that a command or a person made. Gives the way to stop it. What comes about by itself follows from the saved state and the time. */
  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** Tells the listeners. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** The whole state as JSON, apart from this world from now on. */
  snapshot(): Json {
    return JSON.parse(JSON.stringify(this.state)) as Json;
  }

  /** Another world in the same state, with a life of its own and no listeners: for a preview. */
  clone(): World {
    return new World(this.snapshot() as unknown as WorldState);
  }
}

/** A world from a saved state; a sentence where the value is none of this version. */
export function restoreWorld(saved: Json): Result<World, string> {
  const version = typeof saved === "object" && saved !== null && "v" in saved ? saved["v"] : undefined;
  if (version !== 2) return error("the saved state of the world is of another version");
  return ok(new World(JSON.parse(JSON.stringify(saved)) as WorldState));
}

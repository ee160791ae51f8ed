import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../core/digest.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import { fileFailure, systemCode } from "./file-fault.ts";

/** Which simulated world is meant. */
export interface WorldKey {
  /** The system that it stands for. */
  readonly system: string;
  /** The world's name, as the inventory says it. */
  readonly world: string;
  /** SHA-256 of the world's file. */
  readonly digest: string;
}

/** What is kept of a world. `changed`: its file is another one since; `damaged`: what is kept cannot be read. */
export type KeptWorld =
  | { readonly kind: "none" }
  | { readonly kind: "kept"; readonly state: Json }
  | { readonly kind: "changed" }
  | { readonly kind: "damaged"; readonly because: string };

/** Where simulated worlds are kept between runs. */
export interface WorldStore {
  load(key: WorldKey): KeptWorld;
  /** Whole or not at all. */
  save(key: WorldKey, state: Json): void;
  /** The time that a system's world has come to, in ms since 1970; undefined where none is kept. */
  nowMsOf(system: string): number | undefined;
  /** Back to the start state of the file. True if something was kept. */
  reset(key: Pick<WorldKey, "system" | "world">): boolean;
}

function readable(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 40);
}

/** Worlds as files of a state folder, one for each system and world. */
export function worldStore(stateFolder: string): WorldStore {
  const folder = join(stateFolder, "worlds");
  const fileOf = ({ system, world }: Pick<WorldKey, "system" | "world">): string =>
    join(folder, `${readable(system)}-${readable(world)}-${sha256(JSON.stringify([system, world])).slice(0, 12)}.json`);
  return {
    load(key) {
      const file = fileOf(key);
      let text: string;
      try {
        text = readFileSync(file, "utf8");
      } catch (fault) {
        if (systemCode(fault) === "ENOENT") return { kind: "none" };
        return { kind: "damaged", because: fileFailure(file, fault).because };
      }
      const kept = parseKept(text);
      if (kept === undefined) return { kind: "damaged", because: `${file} is not what was written there` };
      return kept.digest === key.digest ? { kind: "kept", state: kept.state } : { kind: "changed" };
    },
    save(key, state) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const file = fileOf(key);
      const part = `${file}.${process.pid}.part`;
      writeFileSync(part, JSON.stringify({ ...key, state }), { mode: 0o600, flush: true });
      renameSync(part, file);
    },
    nowMsOf(system) {
      const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(`${readable(system)}-`) && name.endsWith(".json")) : [];
      const times = names.flatMap((name) => {
        const kept = parseKept(readFileSync(join(folder, name), "utf8"));
        const nowMs = kept?.system === system && isJsonObject(kept.state) ? kept.state["nowMs"] : undefined;
        return typeof nowMs === "number" ? [nowMs] : [];
      });
      return times.length === 0 ? undefined : Math.max(...times);
    },
    reset(key) {
      try {
        rmSync(fileOf(key));
        return true;
      } catch (fault) {
        if (systemCode(fault) === "ENOENT") return false;
        throw fault;
      }
    },
  };
}

function parseKept(text: string): { readonly system: Json | undefined; readonly digest: string; readonly state: Json } | undefined {
  try {
    const kept = JSON.parse(text) as Json;
    if (!isJsonObject(kept) || typeof kept["digest"] !== "string" || kept["state"] === undefined) return undefined;
    return { system: kept["system"], digest: kept["digest"], state: kept["state"] };
  } catch (fault) {
    if (fault instanceof SyntaxError) return undefined;
    throw fault;
  }
}

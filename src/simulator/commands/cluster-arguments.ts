/** What a command line of `cluster.exe` asks for (domain page, 3.1). */
export interface ClusterRequest {
  readonly object: "group" | "node" | "res";
  /** Undefined: all of them, or for an action of `node` the node itself. */
  readonly name: string | undefined;
  readonly verb: "status" | "move" | "online" | "offline" | "pause" | "resume" | "start" | "stop" | "properties" | "owners";
  /** The node that `/move`, `/online` or `/offline` names. */
  readonly to: string | undefined;
  /** Undefined without `/wait`; Infinity for `/wait` without a number. */
  readonly waitMs: number | undefined;
  /** What `/prop` sets, `NAME=VALUE`; undefined where it only shows. */
  readonly setting: { readonly name: string; readonly value: string } | undefined;
}

const OBJECTS: Readonly<Record<string, ClusterRequest["object"]>> = { group: "group", node: "node", res: "res", resource: "res" };
const VERBS: Readonly<Record<string, ClusterRequest["verb"]>> = {
  "/stat": "status", "/status": "status", "/move": "move", "/moveto": "move", "/on": "online", "/online": "online",
  "/off": "offline", "/offline": "offline", "/prop": "properties", "/listowners": "owners", "/pause": "pause", "/resume": "resume", "/start": "start", "/stop": "stop",
};
const OF_A_NODE: ReadonlySet<ClusterRequest["verb"]> = new Set(["move", "online", "offline"]);
const ALLOWED: Readonly<Record<ClusterRequest["object"], readonly ClusterRequest["verb"][]>> = {
  group: ["status", "move", "online", "offline", "properties", "owners"],
  node: ["status", "pause", "resume", "start", "stop"],
  res: ["status"],
};

/** Reads the arguments of `cluster.exe`; undefined for what it does not know, which it refuses with error 87. No option means `/status`. */
export function parseClusterArguments(args: readonly string[]): ClusterRequest | undefined {
  const rest = args.filter((arg) => !/^\/cluster:/i.test(arg));
  const object = OBJECTS[(rest.shift() ?? "").toLowerCase()];
  if (object === undefined) return undefined;
  let name: string | undefined;
  let verb: ClusterRequest["verb"] = "status";
  let to: string | undefined;
  let waitMs: number | undefined;
  let setting: ClusterRequest["setting"];
  for (const arg of rest) {
    const [word = "", value] = arg.startsWith("/") ? splitOption(arg) : [arg, undefined];
    const assigned = verb === "properties" ? /^([^=]+)=(.*)$/.exec(arg) : null;
    if (assigned !== null) {
      if (setting !== undefined) return undefined;
      setting = { name: assigned[1] ?? "", value: assigned[2] ?? "" };
    } else if (!arg.startsWith("/")) {
      if (name !== undefined) return undefined;
      name = arg;
    } else if (word === "/wait") {
      waitMs = value === undefined ? Infinity : Number(value) * 1000;
    } else {
      const known = VERBS[word];
      if (known === undefined || !ALLOWED[object].includes(known)) return undefined;
      verb = known;
      if (OF_A_NODE.has(known)) to = value;
    }
  }
  if (waitMs !== undefined && Number.isNaN(waitMs)) return undefined;
  if (name === undefined && verb !== "status" && object !== "node") return undefined;
  return { object, name, verb, to, waitMs, setting };
}

function splitOption(arg: string): readonly [string, string | undefined] {
  const colon = arg.indexOf(":");
  return colon === -1 ? [arg.toLowerCase(), undefined] : [arg.slice(0, colon).toLowerCase(), arg.slice(colon + 1).replace(/^"|"$/g, "")];
}

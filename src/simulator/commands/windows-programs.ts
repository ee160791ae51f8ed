import type { NodeState } from "../node-state.ts";
import { startRestart } from "../rules/power.ts";
import { takes } from "../timings.ts";
import { printed, type ProgramCommand } from "./command.ts";
import { systemMessage } from "./system-error.ts";

/** The name of the runner's machine in a simulated system. */
export const RUNNER_NAME = "OPERATOR-PC";

const ENABLED = "Mandatory group, Enabled by default, Enabled group";

/** `hostname.exe`: the node's name. */
export const HOSTNAME_EXE: ProgramCommand = {
  name: "hostname.exe",
  changes: () => false,
  begin: ({ state, node }) => ({ takesMs: takes(state, "program", "hostname.exe", node?.name ?? "local"), end: () => printed(0, `${node?.name ?? RUNNER_NAME}\n`) }),
};

/** `whoami.exe`: the account; with `/groups` its groups as csv. `S-1-5-32-544` is there for a local administrator, and enabled in an elevated session; from Server 2008 on the session has a label. */
export const WHOAMI_EXE: ProgramCommand = {
  name: "whoami.exe",
  changes: () => false,
  begin: ({ state, node }, args) => ({
    takesMs: takes(state, "program", "whoami.exe", node?.name ?? "local"),
    end: () => {
      if (!args.some((arg) => arg.toLowerCase() === "/groups")) return printed(0, `${state.account.name.toLowerCase()}\n`);
      const administrators = node?.elevated === false ? "Group used for deny only" : `${ENABLED}, Group owner`;
      const groups = [
        ["Everyone", "Well-known group", "S-1-1-0", ENABLED],
        ...(node?.administrator === true ? [["BUILTIN\\Administrators", "Alias", "S-1-5-32-544", administrators]] : []),
        ["BUILTIN\\Users", "Alias", "S-1-5-32-545", ENABLED],
        ["NT AUTHORITY\\Authenticated Users", "Well-known group", "S-1-5-11", ENABLED],
        ...labelOf(node),
      ];
      return printed(0, groups.map((group) => `${group.map((cell) => `"${cell}"`).join(",")}\n`).join(""));
    },
  }),
};

/** From Server 2008 on a session has a label: high where it is elevated (from memory). */
function labelOf(node: NodeState | undefined): readonly (readonly string[])[] {
  if (node === undefined || node.os.version.startsWith("5.")) return [];
  const [level, sid] = node.elevated && node.administrator ? ["High", "S-1-16-12288"] : ["Medium", "S-1-16-8192"];
  return [[`Mandatory Label\\${level} Mandatory Level`, "Unknown SID type", sid, ENABLED]];
}

/** The text behind `/c`; "" without one. */
function commentOf(args: readonly string[]): string {
  const at = args.findIndex((arg) => arg.toLowerCase() === "/c");
  return at === -1 ? "" : (args[at + 1] ?? "");
}

/** `shutdown.exe /r`: the node goes down a moment after the answer, active or not (domain page, 11.6). */
export const SHUTDOWN_EXE: ProgramCommand = {
  name: "shutdown.exe",
  changes: () => true,
  begin: ({ state, node }, args) => {
    const takesMs = takes(state, "program", "shutdown.exe", node?.name ?? "local");
    const restarts = args.some((arg) => arg.toLowerCase() === "/r");
    const error = node === undefined || !node.administrator ? 5 : !restarts ? 87 : state.due.some(({ what }) => what.kind === "node-down" && what.node === node.name && what.ticket === node.ticket) ? 1115 : 0;
    if (node !== undefined && error === 0) startRestart(state, node, commentOf(args));
    return { takesMs, end: () => (error === 0 ? printed(0, "") : printed(error, "", `${systemMessage(error).slice(0, -1)}.(${error})\n`)) };
  },
};

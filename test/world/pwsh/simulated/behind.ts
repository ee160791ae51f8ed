import type { Transports } from "../../../../src/core/port.ts";
import { baseOf } from "../../../../src/simulator/commands/exchange-servers.ts";
import { PROGRAMS, MSIEXEC } from "../../../../src/simulator/commands/table.ts";
import type { World } from "../../../../src/simulator/world.ts";
import type { ClosableTransport } from "../../../../src/world/powershell-transport.ts";
import { nodeTransport, type NodeSurroundings } from "./node-transport.ts";
import { startNodes } from "./nodes.ts";
import { Way } from "./way.ts";
import { SILENCE, startWorldServer, type Written } from "./world-server.ts";

/** A simulated system whose nodes stand behind real PowerShell remoting. */
export interface Behind {
  /** Resolves when nothing is on its way to a node or back: only then the world's time goes on. */
  readonly settled: () => Promise<void>;
  /** The world's transports, those to its nodes by the real way. The runner's own machine stays the world's. */
  readonly around: (direct: Transports) => Transports;
  /** Rejects when something arrived that nobody called for: a run that went on would mean nothing, and might never end. */
  readonly failed: Promise<never>;
  /** How many questions arrived from nodes. */
  readonly asked: () => number;
  readonly stop: () => void;
}

/** Starts the nodes of a world, and what answers them. */
export async function behindPowershell(world: World): Promise<Behind> {
  const way = new Way();
  let asked = 0;
  const failed = Promise.withResolvers<never>();
  const server = await startWorldServer(async (question) => {
    asked += 1;
    try {
      return (await way.arrive(question)) as Written;
    } catch (fault) {
      failed.reject(fault);
      return SILENCE;
    }
  });
  const own = world.state.programs.map(({ command }) => command[0] ?? "");
  const nodes = await startNodes({ names: world.state.nodes.map(({ name }) => name), base: baseOf(world.state), programs: [...new Set([...PROGRAMS.keys(), MSIEXEC, ...own])], socket: server.socket, proxy: server.proxy });
  const surroundings: NodeSurroundings = { world, way, contents: new Map(), jobs: new Map() };
  const opened = new Map<string, ClosableTransport>();
  return {
    settled: () => way.settled(),
    around: (direct) => ({
      ...direct,
      to: (address) => {
        const machine = world.machine(address);
        const node = machine.kind === "node" ? nodes.of(machine.node.name) : undefined;
        if (node === undefined) return direct.to(address);
        const transport = opened.get(node.name) ?? nodeTransport(node, direct.to(address), surroundings);
        opened.set(node.name, transport);
        return transport;
      },
    }),
    failed: failed.promise,
    asked: () => asked,
    stop: () => {
      for (const transport of opened.values()) transport.close();
      server.stop();
      nodes.stop();
    },
  };
}

import { createServer as createWebServer } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ProgramResult } from "../../../../src/core/action.ts";
import type { Asked } from "./way.ts";

/** What is written to a node: one line of JSON. `silence`: nothing ever comes, the connection stays until the server is stopped. */
export type Written = { readonly kind: "line"; readonly value: object } | { readonly kind: "silence" };

export const SILENCE: Written = { kind: "silence" };

/** Where nodes ask the world. */
export interface WorldServer {
  /** A socket of this machine: one question a connection, one line of JSON each way. */
  readonly socket: string;
  /** A proxy for pages of the web. */
  readonly proxy: string;
  readonly stop: () => void;
}

function listening(server: Server, ...place: readonly [string] | readonly [number, string]): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    if (typeof place[0] === "string") server.listen(place[0], resolve);
    else server.listen(place[0], place[1], resolve);
  });
}

/** Starts it. `ask` must not throw. */
export async function startWorldServer(ask: (asked: Asked) => Promise<Written>): Promise<WorldServer> {
  const folder = mkdtempSync(join(tmpdir(), "runbook-world-"));
  const socket = join(folder, "world");
  const open = new Set<Socket>();
  const server = createServer((connection) => {
    open.add(connection);
    // A node whose connection is cut goes away in the middle of its question.
    connection.on("error", () => connection.destroy()).on("close", () => open.delete(connection));
    createInterface({ input: connection }).once("line", async (line) => {
      const written = await ask(JSON.parse(line) as Asked);
      if (written.kind === "line") connection.end(`${JSON.stringify(written.value)}\n`);
    });
  });
  const web = createWebServer(async (request, response) => {
    const written = await ask({ kind: "page", url: request.url ?? "" });
    const status = written.kind === "line" ? statusIn(written.value as ProgramResult) : undefined;
    if (status !== undefined) response.writeHead(status, { "content-length": 0, connection: "close" }).end();
    else request.socket.destroy();
  });
  await listening(server, socket);
  await listening(web, 0, "127.0.0.1");
  return {
    socket,
    proxy: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
    stop: () => {
      for (const connection of open) connection.destroy();
      server.close();
      web.closeAllConnections();
      web.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The world answers a page as the script that fetches it would. */
function statusIn({ stdout }: ProgramResult): number | undefined {
  const found = /^status: (\d{3})\s*$/.exec(stdout);
  return found === null ? undefined : Number(found[1]);
}

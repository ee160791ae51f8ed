import { defineBuiltin, type Past } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { nameHint } from "../../core/names.ts";
import { allRead, withoutReading } from "../../core/reading.ts";
import { databasesIn, placeOf, readDatabases } from "./shared/databases.ts";
import { hostIn, readHost } from "./shared/host-name.ts";
import { readStatus, statusIn } from "./shared/mailbox-server-status.ts";
import { isPending } from "./shared/move-verdict.ts";

const LOOK_AGAIN_MS = 10_000;

/** The tries to mount a database in this attempt that the cmdlet refused: its words; undefined where it refused none. */
function refusalOf(past: Past, database: string): string | undefined {
  const act = past.acts.findLast((other) => other.attempt === past.attempt && other.fill["database"] === database);
  return act?.outcome === "failed" ? (act.failure?.because ?? "nothing was said") : undefined;
}

/** `exchange.mount_databases`: databases that were mounted before are mounted again. */
export const exchangeMountDatabases = defineBuiltin({
  name: "exchange.mount_databases",
  title: "Mount the databases that were mounted before",
  docs: `After a move that failed late the mailbox server is on the new node, and some of its databases are dismounted there. This mounts
each of them once with \`Mount-Database\`, if it was mounted before: \`databases\` takes only what a step of \`exchange.databases\` with
\`remember: true\` has read. A database that somebody had dismounted on purpose stays so; it is named in \`left\`.

It runs on the node that owns the mailbox server and refuses anywhere else: the other node has copies only. It waits while the
server is pending, and refuses where its store does not run.

A database that does not mount is not forced, since that can lose mail: the step fails with \`mount_refused\`, for a person to look.

Source: domain page, 2.2, F29 and I9.`,
  examples: [{
    title: "After a move",
    yaml: `- id: mount
  title: Mount what did not come up with the move
  uses: exchange.mount_databases
  target: node_b
  with:
    identity: "{{inputs.cms}}"
    databases: "{{steps.databases_before.outputs.mounted}}"`,
  }],
  inputs: {
    identity: { type: "string", description: "Name of the mailbox server" },
    databases: { type: "list", items: { type: "string" }, remember: true, description: "Those that were mounted before, each as `storage group\\database`" },
  },
  outputs: {
    mounted: { type: "list", items: { type: "string" }, description: "The databases that this step mounted" },
    left: { type: "list", items: { type: "string" }, description: "Databases that were dismounted before, and were left so" },
  },
  codes: {
    not_online: "the store of the mailbox server does not run",
    not_active: "another node owns the mailbox server; here are copies only",
    database_missing: "a database that was there before is gone",
    mount_refused: "a database could not be mounted",
  },
  place: "required",
  timeoutMs: 1_800_000,
  undo: { kind: "steps", how: "Dismount the databases in `mounted` with `Dismount-Database`." },
  touches: (inputs) => [inputs.identity],
  actions: {
    read_status: readStatus,
    read_host: readHost,
    read_databases: readDatabases,
    mount: {
      effect: "changes",
      title: "Mount a database",
      fills: { database: "the storage group and the database" },
      make: ({ identity }, fill) => ({ kind: "cmdlet", name: "Mount-Database", parameters: { Identity: `${identity}\\${fill["database"] ?? ""}` }, properties: [] }),
      settlesWithinMs: 120_000,
    },
  },
  look: () => ({ status: { action: "read_status" }, host: { action: "read_host" }, databases: { action: "read_databases" } }),
  decide(inputs, facts, past) {
    const seen = allRead({ status: statusIn(facts), host: hostIn(facts), databases: databasesIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { status, host, databases } = seen.value;
    const shown = `\`Get-ClusteredMailboxServerStatus ${inputs.identity}\` shows it ${status.state} on ${status.activeNode ?? "no node"}`;
    if (isPending(status)) return { kind: "wait", because: `${shown}; nothing is mounted while it is pending`, everyMs: LOOK_AGAIN_MS };
    if (status.activeNode === undefined || status.state === "Offline" || status.state === "Failed") return giveUp(past, "not_online", `${shown}. Its store does not run, so no database can be mounted; bring the server online first`);
    if (status.activeNode !== host) return giveUp(past, "not_active", `${shown}, and this is ${host}, where its copies are. Find out how it came there; a copy is never mounted`);

    const wanted = new Set(inputs.databases.map((name) => name.toLowerCase()));
    const places = databases.map(placeOf);
    const missing = inputs.databases.find((name) => !places.some((place) => place.toLowerCase() === name.toLowerCase()));
    if (missing !== undefined) return giveUp(past, "database_missing", `\`Get-MailboxDatabase -Server ${inputs.identity} -Status\` shows no database ${missing}, which was mounted before; ${nameHint(missing, places)}`);
    const dismounted = databases.filter((database) => !database.mounted).map(placeOf);
    const down = dismounted.filter((place) => wanted.has(place.toLowerCase()));
    const left = dismounted.filter((place) => !wanted.has(place.toLowerCase()));
    const aside = left.length === 0 ? "" : `; dismounted before, and left so: ${left.join(", ")}`;
    if (down.length === 0) {
      const tried = new Set(past.acts.map((act) => act.fill["database"]));
      return { kind: "done", outputs: { mounted: places.filter((place) => tried.has(place)), left }, because: `what was mounted before is mounted on ${host}${aside}` };
    }
    const untried = down.filter((place) => refusalOf(past, place) === undefined);
    if (untried.length > 0) return { kind: "act", actions: untried.map((place) => ({ action: "mount", fill: { database: place } })), because: `dismounted on ${host}, and mounted before: ${down.join(", ")}${aside}` };
    const said = down.map((place) => `${place}: ${refusalOf(past, place) ?? ""}`);
    return giveUp(past, "mount_refused", `\`Mount-Database\` did not mount ${said.join("; ")}. Look at the Application log of ${host} (MSExchangeIS, ESE) before you try again; do not force it, and leave the other node as it is meanwhile`);
  },
});

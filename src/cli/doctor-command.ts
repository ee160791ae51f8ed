import type { Diagnostic } from "../core/diagnostic.ts";
import { worstVerdict } from "../core/finding.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { TransportOptions } from "../core/transport.ts";
import { diagnose } from "../doctor/diagnose.ts";
import { examine, examineModel, type Examination } from "../doctor/examination.ts";
import type { DoctorDocument } from "../views/documents.ts";
import { doctorLines } from "../views/doctor-text.ts";
import { currentAccount } from "../world/account.ts";
import { ConnectionLimit } from "../world/connection-limit.ts";
import { runFolderOf } from "../world/run-folder.ts";
import { systemClock } from "../world/system-clock.ts";
import { realTransports } from "../world/transports.ts";
import type { CommandContext } from "./command.ts";
import { doctorTargets, type DoctorTargets } from "./doctor-targets.ts";
import { showAwaited, type Watched } from "./doctor-waiting.ts";
import { EXIT } from "./exit-code.ts";
import { openKeptWorld } from "./kept-world.ts";
import { note, print, printDocument, refuse, stdoutStyle } from "./print.ts";
import { openPorts, ruleFor } from "./run-ports.ts";
import { typedAgain } from "./typed-again.ts";

/** A host that answers at all does so within this, jump hosts included. */
const CONNECT_MS = 15_000;
/** The run that looks keeps nothing, and needs a name. */
const NO_RUN = "d000000000";

/** `doctor [FILE] [--all] [--json]`: whether every target of a system can be worked on, and what to do where not. Nothing is changed there. */
export async function doctorCommand(context: CommandContext): Promise<number> {
  const targets = await doctorTargets(context);
  if (targets.kind === "error") return targets.error === "left" ? EXIT.cancelled : refuse(context, targets.error);
  const leaving = new AbortController();
  const deaf = context.surroundings.onStopSignal(() => leaving.abort());
  try {
    const look = targets.value.chosen.isSimulated ? examineWorld : examineAll;
    const examinations = await look(context, targets.value, leaving.signal);
    if (leaving.signal.aborted) return EXIT.cancelled;
    if (examinations.kind === "error") return refuse(context, examinations.error);
    return tell(context, targets.value, examinations.value);
  } finally {
    deaf();
  }
}

function tell(context: CommandContext, { chosen, patterns }: DoctorTargets, examinations: readonly Examination[]): number {
  const targets = diagnose(examinations);
  const document: DoctorDocument = { v: 1, system: chosen.name, simulated: chosen.isSimulated, ...currentAccount(), verdict: worstVerdict(targets.map(({ verdict }) => verdict)), targets, patterns };
  const extent = context.args.given.has("all") ? "all" : "short";
  if (context.args.given.has("json")) printDocument(context, document);
  else {
    print(context, doctorLines(document, extent, stdoutStyle(context)));
    if (extent === "short") note(context, `Everything that was seen: ${typedAgain(context, "doctor")} --all`);
  }
  return document.verdict === "failed" ? EXIT.stopped : EXIT.ok;
}

/** Looks at the targets of a real system, all at once as far as the inventory's limits let it. */
async function examineAll(context: CommandContext, targets: DoctorTargets, signal: AbortSignal): Promise<Result<readonly Examination[], readonly Diagnostic[]>> {
  const { stateFolder, addresses = [] } = targets;
  const clock = systemClock();
  const ways = realTransports({
    folders: { state: stateFolder, fetched: runFolderOf(stateFolder, NO_RUN).fetched }, ruleFor: (address) => ruleFor(targets, address), connectMs: CONNECT_MS, logs: "everything",
  });
  // What waits for its turn behind others would not hear of it.
  signal.addEventListener("abort", () => ways.close());
  const watched: Watched = { begunMs: clock.now(), awaited: new Set(addresses), total: addresses.length };
  const hide = showAwaited(context, watched, () => clock.now());
  try {
    const turns = turnsOf((address) => ruleFor(targets, address));
    const looks = addresses.map(async (address) => {
      const end = await turns(address);
      const examination = await examine(address, { transport: ways.to(address), clock, way: () => ways.wayTo(address), signal });
      end();
      watched.awaited.delete(address);
      return examination;
    });
    return ok(await Promise.all(looks));
  } finally {
    hide();
    ways.close();
  }
}

/** Waits for an address's turn where its rule limits connections: else what is idle between two questions would be closed for another, and connected anew. Gives the way to end the turn. */
function turnsOf(rule: (address: string) => TransportOptions): (address: string) => Promise<() => void> {
  const limits = new Map<TransportOptions, ConnectionLimit>();
  return (address) => {
    const options = rule(address);
    const most = options.kind === "ssh" ? options.maxConnections : undefined;
    if (most === undefined) return Promise.resolve(() => undefined);
    const limit = limits.get(options) ?? new ConnectionLimit(most);
    limits.set(options, limit);
    return limit.enter({ isIdle: false, close: () => undefined });
  };
}

/** Asks the nodes of a simulated system who they are. Its time goes on for that, and nothing of it is kept. */
async function examineWorld(context: CommandContext, targets: DoctorTargets, signal: AbortSignal): Promise<Result<readonly Examination[], readonly Diagnostic[]>> {
  const { system } = targets.chosen;
  if (system?.world === undefined) throw new Error("the system that was chosen is not simulated");
  const ports = await openPorts(context, targets, NO_RUN, "preview");
  if (ports.kind === "error") {
    if (!("taken" in ports.error)) return error(ports.error);
    throw new Error(ports.error.taken);
  }
  const { transports, clock, close } = ports.value;
  const kept = await openKeptWorld({ ...system, world: system.world }, targets.stateFolder, context);
  if (kept.kind === "error") return kept;
  const addresses = targets.addresses ?? kept.value.world.state.nodes.map(({ name }) => name);
  const awaited = new Set(addresses);
  const looks = addresses.map(async (address) => {
    const examination = await examineModel(address, { transport: transports.to(address), clock, way: () => undefined, signal });
    awaited.delete(address);
    return examination;
  });
  while (awaited.size > 0) await clock.advance?.(() => awaited.size > 0);
  close();
  return ok(await Promise.all(looks));
}

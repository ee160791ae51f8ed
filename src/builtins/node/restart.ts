import type { ProgramResult } from "../../core/action.ts";
import { defineBuiltin, type Decision, type Facts, type Past, type PastAct } from "../../core/builtin.ts";
import { failureOf, giveUp, hasActed, isInDoubt } from "../../core/facts.ts";
import { allRead, parseReading, unreadable, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { FILE_LOCKS, parsePackageLocks } from "../../formats/dpkg.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { CRM_MON, parseCrmMon } from "../../formats/pacemaker-cluster.ts";
import { nodesWithRole } from "../../formats/pacemaker-readings.ts";

/** Another one after each start of the kernel (`proc_sys_kernel(5)`, random/boot_id). */
const BOOT_ID = "/proc/sys/kernel/random/boot_id";

/** systemd says at once that it is stopping, and then it is waited for. Before, logind waits for whoever wants to finish something first: 5 seconds, where nobody set it otherwise (`logind.conf(5)`, InhibitDelayMaxSec). */
const SHUTDOWN_SHOWS_MS = 60_000;

/** What `systemctl is-system-running` prints of a manager that is not about to end (`systemctl(1)`). It also prints `stopping`, and `offline` or `unknown` where it reached none. */
const STAYING: ReadonlySet<string> = new Set(["initializing", "starting", "running", "degraded", "maintenance"]);

/** The reading `boot`: number of the present start, and the name of the machine. */
function bootIn(facts: Facts): Reading<{ readonly id: string; readonly name: string }> {
  return parseReading(facts, "boot", "program", ({ exitCode, stdout, stderr }) => {
    const [id = "", name = ""] = stdout.trim().split("\n");
    return exitCode === 0 && /^[0-9a-f-]{36}$/.test(id) && name !== "" ? ok({ id, name }) : unreadable(BOOT_ID, excerpt(stderr === "" ? stdout : stderr));
  });
}

/** What systemd is about, as it says it: `running`, `stopping`. Its exit code says the same once more. */
function systemIn(facts: Facts): Reading<string> {
  return parseReading(facts, "system", "program", ({ stdout, stderr }) => {
    const [state = ""] = stdout.trim().split("\n");
    return state === "" ? unreadable("systemctl is-system-running", excerpt(stderr)) : ok(state);
  });
}

/** The order that was given in this attempt. */
function orderIn(past: Past): PastAct | undefined {
  return past.acts.findLast(({ action, attempt }) => action === "restart" && attempt === past.attempt);
}

/** What the node leads in a Pacemaker cluster; nothing where it is in none. */
function leadsIn(facts: Facts, name: string): Reading<readonly string[]> {
  const isAbsent = failureOf(facts, "cluster")?.code === "not_found";
  if (isAbsent) return ok([]);
  const cluster = parseReading(facts, "cluster", "program", parseCrmMon);
  // A node whose Pacemaker is stopped leads nothing.
  if (cluster.kind === "error") return cluster.error.code === "unreachable" ? ok([]) : cluster;
  return ok(cluster.value.units.filter((unit) => nodesWithRole(unit, "Promoted").includes(name)).map(({ id }) => id));
}

/** What stands against a restart now; undefined where nothing does. */
function guard(facts: Facts, past: Past, name: string): Decision<never> | undefined {
  const jobs = parseReading(facts, "jobs", "jobs", (answer) => ok(answer.jobs.filter(({ state }) => state === "running").map((job) => `job ${job.name}`)));
  const locks = failureOf(facts, "locks")?.code === "not_found" ? ok([]) : parseReading(facts, "locks", "program", parsePackageLocks);
  const seen = allRead({ jobs, locks, leads: leadsIn(facts, name), system: systemIn(facts) });
  if (seen.kind === "error") return withoutReading(past, seen.error);
  if (!STAYING.has(seen.value.system)) {
    return past.acts.length > 0 ? { kind: "wait", because: `systemd on ${name} is ${seen.value.system}`, everyMs: 2_000 } : giveUp(past, "busy", `systemd on ${name} is ${seen.value.system}, and this step did not ask for it. Wait until the machine is up again`);
  }
  const { leads } = seen.value;
  const busy = [...seen.value.jobs, ...seen.value.locks];
  if (leads.length > 0) return giveUp(past, "is_promoted", `${name} runs the leading copy of ${leads.join(", ")}; move the leading role to another node first, with postgres.switchover`);
  if (busy.length > 0) return giveUp(past, "busy", `something is being installed on ${name}, or a job runs there: ${busy.join(", ")}. Wait until it has ended; do not end it`);
  return undefined;
}

/** `node.restart`: restarts a Linux machine, and sees it come back as another start of itself. */
export const nodeRestart = defineBuiltin({
  name: "node.restart",
  title: "Restart a Linux machine",
  docs: [
    "Restarts the target and waits until it answers under another boot id: so it has really been restarted, and is the same machine. It is done once per step and run.",
    "",
    "It refuses while the machine runs the leading copy of a clone in a Pacemaker cluster (`is_promoted`), so a primary is never restarted by mistake, and while a job of a run or the package system is at work there, or while it is shutting down already (`busy`).",
    "",
    "Where the answer to its order was lost, systemd itself tells whether it was taken: the machine is waited for while it is stopping, and told again where it is not.",
    "",
    "A machine that answers again has not yet joined its cluster: let a `pacemaker.nodes` with `wait-until` follow. The outage of the machine itself is up to `timeout`.",
  ].join("\n"),
  examples: [{ title: "A restart that an update asked for", yaml: ["- id: restart_b", "  if: steps.install.outputs.restart_required", "  uses: node.restart", "  target: node_b"].join("\n") }],
  inputs: {},
  outputs: { boot_id: { type: "string", description: "The number of its present start" } },
  codes: {
    is_promoted: "the machine runs the leading copy of a clone",
    busy: "something is being installed there, a job runs, or it is shutting down already",
    restart_refused: "systemd did not take the restart",
  },
  place: "required",
  timeoutMs: 1_800_000,
  undo: { kind: "nothing", because: "the machine runs again" },
  touches: (_inputs, place) => ["pacemaker", `${place.address} packages`],
  actions: {
    read_boot: { effect: "reads", title: "Read the number of the present start", make: () => ({ kind: "program", program: "sh", args: ["-c", `cat ${BOOT_ID} && uname -n`] }) },
    read_cluster: { effect: "reads", title: "Read what the machine leads in its cluster", make: () => CRM_MON },
    read_jobs: { effect: "reads", title: "Read the jobs on the target", make: () => ({ kind: "jobs" }) },
    read_locks: { effect: "reads", title: "Read who holds a lock of the package system", make: () => FILE_LOCKS },
    read_system: { effect: "reads", title: "Read whether the machine is shutting down", make: () => ({ kind: "program", program: "systemctl", args: ["is-system-running"] }) },
    restart: {
      effect: "disrupts", title: "Restart the machine", settlesWithinMs: SHUTDOWN_SHOWS_MS,
      // Not an argument: it is kept with what was done, and tells the start before from the start after.
      fills: { boot_id: "the number of its present start" },
      make: () => ({ kind: "program", program: "systemctl", args: ["reboot"] }),
    },
  },
  look(_inputs, facts, past) {
    // While it is away or about to go, asking for more than the number of its start only costs time.
    const order = orderIn(past);
    if (bootIn(facts).kind === "error" || (order !== undefined && !isInDoubt(order))) return { boot: { action: "read_boot" } };
    return { boot: { action: "read_boot" }, cluster: { action: "read_cluster" }, jobs: { action: "read_jobs" }, locks: { action: "read_locks" }, system: { action: "read_system" } };
  },
  decide(_inputs, facts, past) {
    const boot = bootIn(facts);
    if (boot.kind === "error") {
      return hasActed(past) ? { kind: "wait", because: `the machine is away: ${boot.error.because}`, everyMs: 2_000 } : withoutReading(past, boot.error);
    }
    const { id, name } = boot.value;
    const restart = past.acts.findLast(({ action }) => action === "restart");
    if (restart !== undefined && restart.fill["boot_id"] !== id) return { kind: "done", outputs: { boot_id: id }, because: `${name} runs under another boot id than before, ${id}` };
    const act = orderIn(past);
    if (act?.outcome === "failed") return { kind: "fail", code: act.failure?.code ?? "restart_refused", because: act.failure?.because ?? "the restart was refused" };
    if (act?.outcome === "ok" && (act.result as ProgramResult).exitCode !== 0) return { kind: "fail", code: "restart_refused", because: `\`systemctl reboot\` ended with ${(act.result as ProgramResult).exitCode}: ${excerpt((act.result as ProgramResult).stderr)}` };
    if (act !== undefined && !isInDoubt(act)) return { kind: "wait", because: `${name} has not been restarted yet; its boot id is still ${id}`, everyMs: 2_000 };
    return guard(facts, past, name) ?? { kind: "act", actions: [{ action: "restart", fill: { boot_id: id } }], because: `${name} leads nothing, and nothing is at work there; its boot id is ${id}` };
  },
});

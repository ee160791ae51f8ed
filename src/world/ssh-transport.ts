import type { Failure } from "../core/failure.ts";
import type { Transport } from "../core/port.ts";
import { formatDuration } from "../core/quantity.ts";
import type { SshConnection } from "./ssh-connection.ts";
import { getOverSsh, putOverSsh, statOverSsh } from "./ssh-files.ts";
import { forgetJobsOverSsh, jobsOverSsh, startJobOverSsh } from "./ssh-jobs.ts";
import { runProgram, type SshPlace } from "./ssh-program.ts";
import { goneAfterMs } from "./ssh-session.ts";

/** A machine with a POSIX shell that is reached by ssh. `fetched` is the folder for fetched files; a sign of life is given every `beatMs`. */
export function sshTransport(address: string, connection: SshConnection, fetched: string, beatMs: number): Transport {
  const place: SshPlace = { address, connection };
  const noPowershell: Failure = { code: "bad_input", because: `${address} is reached by \`kind: ssh\`, which speaks to a POSIX shell; a cmdlet needs \`kind: powershell\` in the inventory` };
  return {
    run: (call, options) => runProgram(place, call, options),
    cmdlet: () => Promise.resolve({ kind: "failed", failure: noPowershell }),
    script: () => Promise.resolve({ kind: "failed", failure: noPowershell }),
    put: (call, options) => putOverSsh(place, call, options),
    get: (call, options) => getOverSsh(place, fetched, call, options),
    stat: (call, options) => statOverSsh(place, call, options),
    startJob: (name, call, options) => startJobOverSsh(place, name, call, options),
    jobs: (_call, options) => jobsOverSsh(place, options),
    forgetJobs: (names, options) => forgetJobsOverSsh(place, names, options),
    ending: (sinceMs) => (sinceMs < goneAfterMs(beatMs) ? `${address} ends what was cut off within ${formatDuration(goneAfterMs(beatMs))}` : undefined),
  };
}

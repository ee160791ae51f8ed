import { readFile, rename, rm, writeFile } from "node:fs/promises";
import type { GetResult } from "../core/action.ts";
import type { Outcome, Transport, Transports } from "../core/port.ts";
import type { Secrets } from "../core/secrets.ts";
import { readFileFacts } from "./file-facts.ts";
import { fileFailure } from "./file-fault.ts";
import { encodingOf } from "./text-encoding.ts";


/** A fetched file as it may be kept; one that held a secret is UTF-8 then. */
async function maskFile(fetched: GetResult, limitBytes: number, secrets: Secrets): Promise<GetResult> {
  const bytes = await readFile(fetched.path);
  const whole = new TextDecoder(encodingOf(bytes)).decode(bytes);
  // Of a longer file its end was fetched, which may begin in the middle of a secret.
  const cut = bytes.length >= limitBytes ? secrets.maskCutStart(whole) : whole;
  const masked = secrets.mask(cut);
  if (masked === whole) return fetched;
  const part = `${fetched.path}.part`;
  await writeFile(part, masked, { mode: 0o600, flush: true });
  await rename(part, fetched.path);
  const { bytes: size, sha256 } = await readFileFacts(fetched.path, new AbortController().signal);
  return { path: fetched.path, bytes: size, sha256 };
}

function masked(transport: Transport, secrets: Secrets): Transport {
  return {
    run: (call, options) => transport.run(call, options), cmdlet: (call, options) => transport.cmdlet(call, options), script: (call, options) => transport.script(call, options),
    put: (call, options) => transport.put(call, options), stat: (call, options) => transport.stat(call, options),
    startJob: (name, call, options) => transport.startJob(name, call, options), jobs: (call, options) => transport.jobs(call, options),
    forgetJobs: (names, options) => transport.forgetJobs(names, options),
    ending: (sinceMs) => transport.ending(sinceMs),
    async get(call, options): Promise<Outcome<GetResult>> {
      const outcome = await transport.get(call, options);
      if (outcome.kind !== "ok") return outcome;
      try {
        return { kind: "ok", value: await maskFile(outcome.value, call.limitBytes, secrets) };
      } catch (fault) {
        // What cannot be masked is not kept.
        await rm(outcome.value.path, { force: true });
        return { kind: "failed", failure: fileFailure(outcome.value.path, fault) };
      }
    },
  };
}

/** Transports whose fetched files hold no secret of the run, whatever they are reached by. */
export function maskedTransports(transports: Transports, secrets: Secrets): Transports {
  return { to: (address) => masked(transports.to(address), secrets), source: (path, as) => transports.source(path, as), simulated: transports.simulated };
}

import type { SshOptions } from "../core/transport.ts";
import { BOOTSTRAP } from "./ssh-agent.ts";
import { hostOf } from "./ssh-fault.ts";

/** The arguments of the client that hold for every session: no question is asked, nothing is forwarded, and what the user's configuration would run or share besides is left out. The first value of an option counts: `special` stands before. */
export function argumentsFor(address: string, options: SshOptions, special: readonly string[]): readonly string[] {
  const { user, port, become, config } = options;
  const command = become === undefined ? BOOTSTRAP : `exec sudo -n -H -u ${become} -- ${BOOTSTRAP.slice("exec ".length)}`;
  return [
    ...(config === undefined ? [] : ["-F", config]),
    ...[...special, "BatchMode=yes", "LogLevel=ERROR", "RemoteCommand=none", "PermitLocalCommand=no", "ClearAllForwardings=yes", "ControlPersist=no"].flatMap((option) => ["-o", option]),
    "-T", "-x", "-e", "none",
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    "--", hostOf(address, options), command,
  ];
}

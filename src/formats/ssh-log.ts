import type { SshLog } from "../core/way.ts";

/** Lines that an OpenSSH client writes where nothing is wrong, at `LogLevel=DEBUG1`. */
const HARMLESS = /^(?:debug\d: |Authenticated to |Transferred: sent |Bytes per second: )/;

/** What the log of an OpenSSH client complains of; "" for nothing. */
export function complaintsIn(log: string): string {
  return log.split("\n").filter((line) => !HARMLESS.test(line)).join("\n");
}

/** How the client says that it knows the key (OpenSSH 7.6 to 9.9; its messages are not translated). */
const KNOWN_BY: readonly (readonly [RegExp, NonNullable<SshLog["knownBy"]>])[] = [
  [/^debug1: Host '.*' is known and matches the \S+ host certificate\.$/m, "certificate"],
  [/^debug1: Host '.*' is known and matches the \S+ host key\.$/m, "known_hosts"],
  [/^debug1: matching host key fingerprint found in DNS$/m, "dns"],
  [/^debug1: Forcing accepting of host key for loopback\/localhost\.$/m, "loopback"],
];

/** Reads the log that a client wrote at `LogLevel=DEBUG1`. What a server said in it stands in lines that begin otherwise. */
export function parseSshLog(log: string): SshLog {
  const wordsOf = (line: RegExp): readonly (string | undefined)[] => line.exec(log)?.slice(1) ?? [];
  const [host, port, account] = wordsOf(/^debug1: Authenticating to (\S+):(\d+) as '(.*)'$/m);
  const [client] = wordsOf(/^debug1: Local version string SSH-[\d.]+-(.*)$/m);
  const [server] = wordsOf(/^debug1: Remote protocol version [\d.]+, remote software version (.*)$/m);
  const [type, fingerprint] = wordsOf(/^debug1: Server host (?:key|certificate): (\S+) (SHA256:[\w+/=]+)/m);
  const knownBy = KNOWN_BY.find(([line]) => line.test(log))?.[1];
  return {
    ...(account === undefined ? {} : { account }),
    ...(host === undefined ? {} : { host, port: Number(port) }),
    ...(client === undefined ? {} : { client }),
    ...(server === undefined ? {} : { server }),
    ...(fingerprint === undefined ? {} : { hostKey: `${type} ${fingerprint}` }),
    ...(knownBy === undefined ? {} : { knownBy }),
    isLetIn: /^Authenticated to /m.test(log),
  };
}

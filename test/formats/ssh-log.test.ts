import { describe, expect, test } from "vitest";
import { complaintsIn, parseSshLog } from "../../src/formats/ssh-log.ts";

/** What OpenSSH 9.2 wrote. */
const CONNECTED = `debug1: Reading configuration data /etc/ssh/ssh_config
debug1: Connecting to 10.77.0.11 [10.77.0.11] port 22.
debug1: Connection established.
debug1: Local version string SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10
debug1: Remote protocol version 2.0, remote software version OpenSSH_8.4p1 Debian-5+deb11u3
debug1: Authenticating to 10.77.0.11:22 as 'deploy'
debug1: Server host key: ssh-ed25519 SHA256:JAI+MLkkQBl1AVY4qnVnnxKn/eeIwyYAD1biK24IxNI
debug1: Host 'db1' is known and matches the ED25519 host key.
debug1: Found key in /root/.ssh/known_hosts:1
Authenticated to 10.77.0.11 ([10.77.0.11]:22) using "publickey".
debug1: Entering interactive session.
`;

describe("the log of an ssh client", () => {
  test("tells the way, both versions, the key and what it is known by", () => {
    expect(parseSshLog(CONNECTED)).toEqual({
      account: "deploy", host: "10.77.0.11", port: 22, client: "OpenSSH_9.2p1 Debian-2+deb12u10", server: "OpenSSH_8.4p1 Debian-5+deb11u3",
      hostKey: "ssh-ed25519 SHA256:JAI+MLkkQBl1AVY4qnVnnxKn/eeIwyYAD1biK24IxNI", knownBy: "known_hosts", isLetIn: true,
    });
  });

  test("tells a key that a certificate vouches for", () => {
    const log = 'debug1: Server host certificate: ssh-ed25519-cert-v01@openssh.com SHA256:abc, serial 1 ID "db1" CA ssh-ed25519 SHA256:def valid forever\ndebug1: Host \'db1\' is known and matches the ED25519-CERT host certificate.\n';
    expect(parseSshLog(log)).toMatchObject({ hostKey: "ssh-ed25519-cert-v01@openssh.com SHA256:abc", knownBy: "certificate" });
  });

  test("tells nothing of a connection that never came", () => {
    expect(parseSshLog("debug1: Connecting to 10.77.0.11 [10.77.0.11] port 22.\nssh: connect to host 10.77.0.11 port 22: Connection refused\n")).toEqual({ isLetIn: false });
  });

  test("does not take what a server says of itself for a line of the client", () => {
    const log = CONNECTED.replace("is known and matches", "has changed from").replace("Debian-5+deb11u3", "Host 'db1' is known and matches the ED25519 host key.");
    expect(parseSshLog(log).knownBy).toBeUndefined();
  });

  test("complains of what is no message of its progress", () => {
    expect(complaintsIn(CONNECTED)).toBe("");
    expect(complaintsIn(`${CONNECTED}Host key verification failed.\n`)).toBe("Host key verification failed.\n");
  });
});

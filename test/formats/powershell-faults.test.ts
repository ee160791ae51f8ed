import { describe, expect, test } from "vitest";
import { faultFailure, openFailure, type PowershellFault, type Target } from "../../src/formats/powershell-faults.ts";

const NODEA: Target = { name: "NODEA", via: "computer" };

function fault(parts: Partial<PowershellFault>): PowershellFault {
  return { message: "it says so", id: "X", category: "NotSpecified", class: "System.Exception", number: 0, ...parts };
}

describe("an error record", () => {
  test.each<[string, Partial<PowershellFault>, string]>([
    ["of a command that does not exist", { id: "CommandNotFoundException", category: "ObjectNotFound" }, "not_found"],
    ["of an object that does not exist", { category: "ObjectNotFound" }, "not_found"],
    ["of a file that does not exist", { class: "System.IO.FileNotFoundException", number: -2147024894 }, "not_found"],
    ["of a missing right", { category: "PermissionDenied" }, "denied"],
    ["of a class that means a missing right", { class: "System.UnauthorizedAccessException" }, "denied"],
    ["of a full disk on Windows", { class: "System.IO.IOException", number: -2147024784 }, "no_space"],
    ["of a full disk on Linux", { class: "System.IO.IOException", number: 28 }, "no_space"],
    ["of a file that somebody else holds", { class: "System.IO.IOException", number: -2147024864 }, "unreadable"],
    ["of a value that a parameter does not take", { class: "System.Management.Automation.ParameterBindingException" }, "bad_input"],
    ["of a folder that is not there", { id: "rb_no_folder", message: "the folder /x does not exist" }, "not_found"],
    ["of any other kind", {}, "cmdlet_error"],
    ["whose class is named like a property of every object", { class: "constructor", id: "toString" }, "cmdlet_error"],
  ])("%s is told by its code", (_title, parts, code) => {
    expect(faultFailure(fault(parts), "Get-Thing", NODEA)).toEqual({ code, because: fault(parts).message });
  });

  test.each([[2, "not_found", "NODEA has no program setup.exe"], [5, "denied", "may not run setup.exe"], [13, "denied", "may not run"], [206, "bad_input", "longer than NODEA takes"], [193, "bad_input", "cannot be started on NODEA (193)"]])(
    "of a program that the system does not start (%i) says why",
    (number, code, because) => {
      expect(faultFailure(fault({ class: "System.ComponentModel.Win32Exception", number }), "setup.exe", NODEA)).toEqual({ code, because: expect.stringContaining(because) });
    },
  );
});

describe("a refusal of the second hop", () => {
  const SAID = [
    "Active Directory operation failed on . The supplied credential is invalid. An operations error occurred.",
    "000004DC: LdapErr: DSID-0C0906DC, comment: In order to perform this operation a successful bind must be completed on the connection.",
    "A specified logon session does not exist. It may already have been terminated. (0x8009030E)",
  ];
  test.each(SAID)("is recognised, and its cure is said: %s", (message) => {
    expect(faultFailure(fault({ message }), "Get-MailboxServer", NODEA)).toEqual({ code: "denied", because: expect.stringMatching(/second hop.*`configuration`.*delegation.*job/s) });
  });

  test("is none on this machine", () => {
    expect(faultFailure(fault({ message: SAID[0] ?? "" }), "Get-MailboxServer", { name: "this machine", via: "here" })).toMatchObject({ code: "cmdlet_error" });
  });
});

describe("a session that is not opened", () => {
  test.each<[Target["via"], string, string, RegExp]>([
    ["computer", "The WS-Management service cannot process the request. The resource URI (http://schemas.microsoft.com/powershell/Microsoft.PowerShell) was not found in the WS-Management catalog.", "unreachable", /PowerShell 1\.0 takes no remoting.*ssh/],
    ["computer", "The client cannot connect to the destination specified in the request. Verify that the service on the destination is running.", "unreachable", /WinRM is not enabled there, or it has PowerShell 1\.0/],
    ["computer", "Connecting to remote server NODEA failed with the following error message : Access is denied.", "denied", /refuses the account/],
    ["computer", "The WinRM client cannot process the request. Cannot find the computer; add it to the TrustedHosts list. 0x80090311 Kerberos", "denied", /the name that its domain knows/],
    ["computer", "The WS-Management service cannot process the request. Cannot find the PSRole session configuration in the WSMan: drive; the session configuration was not found", "not_found", /no endpoint of that name/],
    ["ssh", "Host key verification failed.", "denied", /compare it, and connect once by hand/],
    ["ssh", "root@nodea: Permission denied (publickey).", "denied", /key must be accepted/],
    ["ssh", "subsystem request failed on channel 0", "unreachable", /Subsystem powershell/],
    ["ssh", "ssh: connect to host nodea port 22: Connection refused", "unreachable", /no SSH server answers/],
    ["ssh", "ssh: connect to host nodea port 22: No route to host", "unreachable", /does not answer/],
    ["ssh", "something that nobody knows", "unreachable", /opened no session: something that nobody knows/],
  ])("over %s says cause and cure: %s", (via, said, code, because) => {
    expect(openFailure(fault({ message: "The session has ended." }), `${said}\n`, { name: "NODEA", via })).toEqual({ code, because: expect.stringMatching(because) });
  });
});

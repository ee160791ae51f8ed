/** What a command line of `msiexec.exe` asks for (domain page, 4.5). */
export type InstallerCommand =
  | {
      readonly kind: "update";
      readonly file: string;
      /** True where a switch keeps it from showing dialogs. */
      readonly quiet: boolean;
      readonly noRestart: boolean;
      readonly log: string | undefined;
    }
  | {
      readonly kind: "uninstall";
      /** The product code, in braces. */
      readonly product: string;
      /** The patch code, in braces. */
      readonly patch: string;
      readonly quiet: boolean;
      readonly noRestart: boolean;
      readonly log: string | undefined;
    }
  | { readonly kind: "invalid"; readonly because: string };

const QUIET = /^\/(?:quiet|passive|q|qn|qb[-+!]*|qn\+?)$/i;
const LOG = /^\/l[iwearucmopvx*+!]*$/i;

/** Reads the arguments of `msiexec.exe` (domain page, 4.5 and 4.9); what it does not know is `invalid`, which ends with exit code 1639. */
export function parseInstallerCommand(args: readonly string[]): InstallerCommand {
  let file: string | undefined;
  let log: string | undefined;
  let product: string | undefined;
  let patch: string | undefined;
  let quiet = false;
  let noRestart = false;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? "";
    if (/^\/(?:update|p)$/i.test(arg)) {
      i += 1;
      file = args[i];
    } else if (/^\/log$/i.test(arg) || LOG.test(arg)) {
      i += 1;
      log = args[i];
    } else if (/^\/(?:package|i)$/i.test(arg)) {
      i += 1;
      product = args[i];
    } else if (/^\/uninstall$/i.test(arg)) {
      i += 1;
      patch = args[i];
    } else if (/^MSIPATCHREMOVE=/i.test(arg)) {
      patch = arg.slice("MSIPATCHREMOVE=".length);
    } else if (QUIET.test(arg)) {
      quiet = true;
    } else if (/^(?:\/norestart|REBOOT=ReallySuppress)$/i.test(arg)) {
      noRestart = true;
    } else if (!/^[A-Z][A-Z0-9_.]*=/.test(arg)) {
      return { kind: "invalid", because: `unknown argument ${arg}` };
    }
  }
  if (product !== undefined && patch !== undefined && file === undefined) return { kind: "uninstall", product, patch, quiet, noRestart, log };
  if (file === undefined || product !== undefined || patch !== undefined) return { kind: "invalid", because: "expected a patch to apply, or a product and a patch to remove" };
  return { kind: "update", file, quiet, noRestart, log };
}

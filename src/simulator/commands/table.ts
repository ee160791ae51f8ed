import { compareVersions } from "../../core/version.ts";
import type { Json } from "../../core/json.ts";
import { CLUSTER_EXE } from "./cluster-exe.ts";
import { failed, type CmdletCommand, type Moment, type ProgramCommand } from "./command.ts";
import { GET_COPY_STATUS, RESUME_COPY, SUSPEND_COPY } from "./copy-status.ts";
import { baseOf, GET_CLUSTERED_STATUS, GET_EXCHANGE_SERVER, GET_MAILBOX_DATABASE, GET_MAILBOX_SERVER } from "./exchange-servers.ts";
import { GET_EVENT_LOG } from "./event-log.ts";
import { FINDSTR_EXE } from "./findstr-exe.ts";
import { GET_ITEM, GET_ITEM_PROPERTY, GET_VARIABLE } from "./get-item.ts";
import { TEST_REPLICATION_HEALTH, TEST_SERVICE_HEALTH } from "./health.ts";
import { TEST_MAILFLOW } from "./mail-flow.ts";
import { DISMOUNT_DATABASE, MOUNT_DATABASE, START_MAILBOX_SERVER, STOP_MAILBOX_SERVER } from "./mailbox-server-control.ts";
import { MOVE_MAILBOX_SERVER } from "./move-mailbox-server.ts";
import { REG_EXE } from "./reg-exe.ts";
import { SC_EXE } from "./sc-exe.ts";
import { SELECT_STRING } from "./select-string.ts";
import { HOSTNAME_EXE, SHUTDOWN_EXE, WHOAMI_EXE } from "./windows-programs.ts";
import { GET_WMI_OBJECT } from "./wmi.ts";

/** The installer; it is only ever started as a job. */
export const MSIEXEC = "msiexec.exe";

/** Every program that the world knows, by its name in lower case. */
export const PROGRAMS: ReadonlyMap<string, ProgramCommand> = new Map(
  [CLUSTER_EXE, REG_EXE, SC_EXE, HOSTNAME_EXE, WHOAMI_EXE, SHUTDOWN_EXE, FINDSTR_EXE].map((program) => [program.name, program]),
);

/** Every cmdlet that the world knows, by its name in lower case. */
export const CMDLETS: ReadonlyMap<string, CmdletCommand> = new Map(
  [
    GET_MAILBOX_SERVER, GET_EXCHANGE_SERVER, GET_CLUSTERED_STATUS, GET_MAILBOX_DATABASE, GET_COPY_STATUS, SUSPEND_COPY, RESUME_COPY,
    MOVE_MAILBOX_SERVER, START_MAILBOX_SERVER, STOP_MAILBOX_SERVER, MOUNT_DATABASE, DISMOUNT_DATABASE,
    TEST_REPLICATION_HEALTH, TEST_SERVICE_HEALTH, TEST_MAILFLOW, GET_EVENT_LOG, GET_WMI_OBJECT, GET_ITEM, GET_ITEM_PROPERTY, GET_VARIABLE, SELECT_STRING,
  ].map((cmdlet) => [cmdlet.name.toLowerCase(), cmdlet]),
);

/** A program's name as the tables have it: lower case, without its folder, with `.exe`. */
export function programKey(program: string): string {
  const name = program.slice(Math.max(program.lastIndexOf("\\"), program.lastIndexOf("/")) + 1).toLowerCase();
  return name.includes(".") ? name : `${name}.exe`;
}

/** Why a cmdlet does not take its parameters; undefined where it does (domain page, 11.2: RTM has no `-Confirm`). */
export function parameterRefusal({ state }: Moment, cmdlet: CmdletCommand, given: Readonly<Record<string, Json>>): ReturnType<typeof failed> | undefined {
  const known = new Map(Object.entries(cmdlet.parameters).map(([name, { from }]) => [name.toLowerCase(), from]));
  const base = baseOf(state);
  const unknown = Object.keys(given).find((name) => {
    const from = known.get(name.toLowerCase());
    return !known.has(name.toLowerCase()) || (from !== undefined && compareVersions(base, from) < 0);
  });
  return unknown === undefined ? undefined : failed("bad_input", `A parameter cannot be found that matches parameter name '${unknown}'.`);
}

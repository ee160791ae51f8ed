import type { ProgramResult } from "../../core/action.ts";
import { printed, type Reply } from "./command.ts";

/** Win32 errors with their system messages (domain page, 3.1; numbers and texts from memory). */
export const SYSTEM_ERRORS: Readonly<Record<number, string>> = {
  5: "Access is denied.",
  87: "The parameter is incorrect.",
  258: "The wait operation timed out.",
  997: "Overlapped I/O operation is in progress.",
  1051: "A stop control has been sent to a service that other running services are dependent on.",
  1053: "The service did not respond to the start or control request in a timely fashion.",
  1056: "An instance of the service is already running.",
  1058: "The service cannot be started, either because it is disabled or because it has no enabled devices associated with it.",
  1060: "The specified service does not exist as an installed service.",
  1062: "The service has not been started.",
  1068: "The dependency service or group failed to start.",
  1115: "A system shutdown is in progress.",
  1722: "The RPC server is unavailable.",
  1753: "There are no more endpoints available from the endpoint mapper.",
  5005: "The cluster resource could not be brought online: the host node is not available.",
  5012: "The cluster group is not available.",
  5013: "The cluster group could not be found.",
  5016: "The cluster node is not the owner of the group.",
  5042: "The cluster node could not be found.",
  5050: "The cluster node is down.",
  5070: "The cluster node is paused.",
  5925: "The cluster does not have a quorum.",
};

/** The system message of an error number. */
export function systemMessage(error: number): string {
  return SYSTEM_ERRORS[error] ?? "Unknown error.";
}

/** What `cluster.exe` prints and answers for an error. */
export function systemError(error: number): Reply<ProgramResult> {
  const hexadecimal = error.toString(16).padStart(8, "0").toUpperCase();
  return printed(error, `System error ${error} has occurred (0x${hexadecimal}).\n${systemMessage(error)}\n`);
}

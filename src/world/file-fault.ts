import type { Failure } from "../core/failure.ts";

/** The system's code of an error (`ENOENT`); undefined for any other error. */
export function systemCode(fault: unknown): string | undefined {
  const code: unknown = fault instanceof Error && "code" in fault ? fault.code : undefined;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** Our own code beside the system's: a device or a pipe, which is not read, since it may have no end, and not replaced. */
export const NO_FILE = "ENOTFILE";

/** What the system says about a path, as a failure. An error that is none of the system's is our own mistake and is thrown on. */
export function fileFailure(path: string, fault: unknown): Failure {
  const code = systemCode(fault);
  switch (code) {
    case undefined:
      throw fault;
    case "ENOENT":
    case "ENOTDIR":
      return { code: "not_found", because: `${path} does not exist` };
    case "EACCES":
    case "EPERM":
      return { code: "denied", because: `the account may not use ${path}` };
    case "EROFS":
      return { code: "denied", because: `${path} is on a file system that can only be read` };
    case NO_FILE:
      return { code: "bad_input", because: `${path} is neither a file nor a folder, but a device or a pipe. Name a file that is one` };
    case "EISDIR":
      return { code: "bad_input", because: `${path} is a folder` };
    case "ENAMETOOLONG":
    case "EINVAL":
      return { code: "bad_input", because: `${path} is no path that this machine can have` };
    case "ENOSPC":
    case "EDQUOT":
      return { code: "no_space", because: `there is no space left for ${path}` };
    default:
      return { code: "unreadable", because: `${path} cannot be used (${code})` };
  }
}

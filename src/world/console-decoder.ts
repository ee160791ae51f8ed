import { execFile } from "node:child_process";
import type { NewDecoder } from "./piece-decoder.ts";

/** Where Windows says which code page its console programs write. */
const CODE_PAGE_KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Nls\\CodePage";

/** What `reg.exe` answers about a value that is a number in text: `    OEMCP    REG_SZ    850`. */
const CODE_PAGE = /^\s+OEMCP\s+REG_SZ\s+(\d+)\s*$/mu;

/** The number of the code page; undefined where the registry does not tell it. */
function codePage(): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile("reg.exe", ["query", CODE_PAGE_KEY, "/v", "OEMCP"], { windowsHide: true, encoding: "latin1" }, (fault, stdout) => {
      resolve(fault === null ? CODE_PAGE.exec(stdout)?.[1] : undefined);
    });
  });
}

/** A way to decode a code page of Windows by its number; undefined for one that is not known, and for 65001, which is UTF-8. */
export async function decoderOf(page: string): Promise<NewDecoder | undefined> {
  if (page === "65001") return undefined;
  // Imported late: its tables are large, and only Windows needs them.
  const { default: { encodingExists, getDecoder } } = await import("iconv-lite");
  if (!encodingExists(`cp${page}`)) return undefined;
  return () => {
    const decoder = getDecoder(`cp${page}`);
    return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? "" };
  };
}

let asked: Promise<NewDecoder | undefined> | undefined;

/** How programs of this machine write what is no UTF-8: on Windows in the code page of its console, asked for once; undefined elsewhere, and where it cannot be told. */
export function consoleDecoder(): Promise<NewDecoder | undefined> {
  if (process.platform !== "win32") return Promise.resolve(undefined);
  asked ??= codePage().then((page) => (page === undefined ? undefined : decoderOf(page)));
  return asked;
}

import { assertNever } from "../../core/assert-never.ts";
import { error, ok, type Result } from "../../core/result.ts";
import type { StringFormat } from "../../core/schema.ts";
import { formatTime, parseTime } from "./convert-time.ts";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const HOSTNAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
/** From memory of Microsoft's naming rules: 1 to 15 characters, none of the reserved ones, no blank and no period. */
const NETBIOS_NAME = /^[A-Z0-9!@#$%^&()_'{}~-]{1,15}$/;
const ABSOLUTE_PATH = /^(?:\/|[A-Za-z]:[\\/]|\\\\[^\\/]+[\\/][^\\/]+)/;
const VERSION = /^(?=.*\d)[0-9A-Za-z]+(?:[.+_-][0-9A-Za-z]+)*$/;
const CONTROL = /[\u0000-\u001f\u007f]/;

/** A text in the one form that its format has; on the unhappy path what was expected, to follow "expected". */
export function canonicalText(text: string, format: StringFormat): Result<string, string> {
  switch (format) {
    case "hostname": {
      const lower = text.toLowerCase();
      return lower.length <= 253 && HOSTNAME.test(lower) ? ok(lower) : error("the name of a host: letters, digits, `-` and `.`");
    }
    case "netbios_name": {
      const upper = text.toUpperCase();
      return NETBIOS_NAME.test(upper) ? ok(upper) : error("the NetBIOS name of a machine: at most 15 letters, digits and `-`, no `.`");
    }
    case "path":
      return ABSOLUTE_PATH.test(text) && !CONTROL.test(text) ? ok(text) : error("an absolute path: `/…`, `C:\\…` or `\\\\server\\share…`");
    case "file":
      return text !== "" && !CONTROL.test(text) ? ok(text) : error("the path of a file or folder on this machine");
    case "sha256":
      return /^[0-9a-fA-F]{64}$/.test(text) ? ok(text.toLowerCase()) : error("a SHA-256: 64 digits of 0-9 and a-f");
    case "url":
      return /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text) && URL.canParse(text) ? ok(text) : error("a URL: `https://…`");
    case "version":
      return text.length <= 255 && VERSION.test(text) ? ok(text) : error("a version: numbers or words with dots between them, `8.1.263.1`");
    case "time": {
      const ms = parseTime(text);
      return ms === undefined ? error("a time as RFC 3339 writes it: `2007-11-20T09:00:00Z`") : ok(formatTime(ms));
    }
    default:
      return assertNever(format);
  }
}

import type { ProgramResult } from "../../core/action.ts";
import type { Json } from "../../core/json.ts";
import { takes } from "../timings.ts";
import { printed, textOf, type Begun, type Moment } from "./command.ts";

/** Where Microsoft's revocation lists lie (domain page, 2.8). */
const REVOCATION_LISTS = /^http:\/\/crl\.microsoft\.com\//i;

/** True for a script that fetches the page of its parameter `url` through .NET. */
export function isWebRequest(script: string): boolean {
  return /\[(?:System\.)?Net\.WebRequest\]::Create\(\$url\)/i.test(script);
}

/** Such a script prints `status: 200`, or `failed: ` and why after its parameter `timeoutMs`. The world has no pages but Microsoft's revocation lists. */
export function beginWebRequest({ state, node }: Moment, parameters: Readonly<Record<string, Json>>): Begun<ProgramResult> {
  const url = textOf(parameters, "url");
  const usualMs = takes(state, "cmdlet", "web request", node?.name ?? "local");
  if (node === undefined || !REVOCATION_LISTS.test(url)) return { takesMs: usualMs, end: () => printed(0, "failed: The remote name could not be resolved\n") };
  if (node.crlReachable) return { takesMs: usualMs, end: () => printed(0, "status: 200\n") };
  return { takesMs: Number(textOf(parameters, "timeoutMs")) || usualMs, end: () => printed(0, "failed: The operation has timed out\n") };
}

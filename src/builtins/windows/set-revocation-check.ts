import type { ProgramResult } from "../../core/action.ts";
import { defineBuiltin, type ActionCall, type Past } from "../../core/builtin.ts";
import { hasActed } from "../../core/facts.ts";
import { withoutReading } from "../../core/reading.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { HOLDERS, isChecked, READ_SETTINGS, SETTINGS, SETTINGS_LOOK, settingsIn, STATE, TRUST_KEYS, unchecked, type Holder, type Setting } from "./shared/revocation.ts";

/** What `windows.revocation_check` remembered. */
const REMEMBERED = {
  type: "object",
  remember: true,
  description: "The outputs of the `windows.revocation_check` that was remembered",
  properties: { reachable: { type: "boolean" }, answer: { type: "string" }, checked: { type: "boolean" }, settings: SETTINGS },
} as const;

function keyOf(holder: string): string {
  return TRUST_KEYS[HOLDERS.find((known): known is Holder => known === holder) ?? "account"];
}

/** What brings a setting about. */
function cureOf({ holder, state }: Setting): ActionCall {
  const key = keyOf(holder);
  return state === undefined ? { action: "clear", fill: { key } } : { action: "set", fill: { key, state } };
}

/** What `reg.exe` said when it refused last in this attempt. */
function lastRefusal(past: Past): string {
  const refused = past.acts.findLast((act) => act.attempt === past.attempt && act.outcome === "ok" && (act.result as ProgramResult).exitCode !== 0);
  return refused === undefined ? "" : `; reg.exe said: ${excerpt((refused.result as ProgramResult).stderr)}`;
}

/** `windows.set_revocation_check`: leaves the check of revocation out for a while, and gives the setting back. */
export const windowsSetRevocationCheck = defineBuiltin({
  name: "windows.set_revocation_check",
  title: "Leave the check for revoked certificates out for a while, and give the setting back",
  docs: [
    "A workaround for a setup on a node that cannot fetch revocation lists: `to: unchecked` before it, `to: remembered` after it, in an `always`. It sets one bit of `State` for the account and for LocalSystem, the box \"Check for publisher's certificate revocation\" of the Internet options; all other bits stay.",
    "",
    "It wants the memory of `windows.revocation_check` even to switch the check off: so nobody does it without having remembered what was there. A value that was not there is removed again. Where everything stands as it is meant to, nothing is done.",
    "",
    "Source: domain page, 2.8 (B38; the place in the registry from memory).",
  ].join("\n"),
  examples: [
    {
      title: "Before setup",
      yaml: [
        "- id: revocation_off",
        "  uses: windows.set_revocation_check",
        "  target: node_b",
        "  with:",
        "    to: unchecked",
        '    remembered: "{{steps.revocation.outputs}}"',
      ].join("\n"),
    },
  ],
  inputs: {
    to: { type: "string", enum: ["unchecked", "remembered"], description: "`unchecked`: revocation is not checked; `remembered`: as it was" },
    remembered: REMEMBERED,
  },
  outputs: {
    changed: { type: "list", items: { type: "string", enum: HOLDERS }, description: "Whose setting this step changed; empty where nothing had to be" },
    checked: { type: "boolean", description: "The account or LocalSystem checks for revocation now" },
  },
  codes: { setting_refused: "the registry did not take the setting" },
  place: "required",
  timeoutMs: 120_000,
  undo: { kind: "steps", how: "Use it again with `to: remembered`." },
  actions: {
    ...READ_SETTINGS,
    set: {
      effect: "changes",
      title: "Set what is checked of certificates",
      fills: { key: "the registry key", state: "the value" },
      make: (_inputs, fill) => ({ kind: "program", program: "reg.exe", args: ["add", fill["key"] ?? "", "/v", STATE, "/t", "REG_DWORD", "/d", fill["state"] ?? "", "/f"] }),
    },
    clear: {
      effect: "changes",
      title: "Remove what is set of certificates",
      fills: { key: "the registry key" },
      make: (_inputs, fill) => ({ kind: "program", program: "reg.exe", args: ["delete", fill["key"] ?? "", "/v", STATE, "/f"] }),
    },
  },
  look: () => SETTINGS_LOOK,
  decide(inputs, facts, past) {
    const seen = settingsIn(facts);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const settings = seen.value;
    const before = inputs.remembered.settings;
    const wanted = inputs.to === "unchecked" ? settings.map((setting) => (isChecked(setting) ? unchecked(setting) : setting)) : before;
    const others = wanted.filter(({ holder, state }) => settings.find((setting) => setting.holder === holder)?.state !== state);
    const named = others.map(({ holder, state }) => `${holder} has ${settings.find((setting) => setting.holder === holder)?.state ?? "no value"}, and ${state ?? "none"} is meant`).join("; ");
    if (others.length > 0) {
      if (hasActed(past)) return { kind: "fail", code: "setting_refused", because: `${named}${lastRefusal(past)}` };
      return { kind: "act", actions: others.map(cureOf), because: named };
    }
    const changed = HOLDERS.filter((holder) => past.acts.some((act) => act.fill["key"] === TRUST_KEYS[holder]));
    const checked = settings.some(isChecked);
    return { kind: "done", outputs: { changed, checked }, because: `revocation is ${checked ? "" : "not "}checked` };
  },
});

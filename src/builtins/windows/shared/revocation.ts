import type { ActionCall, ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { allRead, parseReading, unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import type { TypeOf } from "../../../core/schema.ts";
import { excerpt } from "../../../formats/excerpt.ts";
import { dwordOf, parseRegistryQuery, registryValue } from "../../../formats/registry-query.ts";

/** Where Windows keeps what it checks of a publisher's certificate, below a user's hive, and the name of the value (domain page, 2.8, from memory). */
const SOFTWARE_PUBLISHING = "Software\\Microsoft\\Windows\\CurrentVersion\\WinTrust\\Trust Providers\\Software Publishing";
/** The value's name. */
export const STATE = "State";
/** `State` where nothing was ever set: revocation is checked (domain page, 2.8, from memory). */
const USUAL_STATE = 0x23c00;
/** The bit of `State` that leaves the check out: 0x23e00 against 0x23c00 (domain page, 2.8, from memory). */
const UNCHECKED_BIT = 0x200;

/** Whose setting it is: that of the account, and that of LocalSystem, under which Windows Installer and the services run. */
export const HOLDERS = ["account", "local_system"] as const;
/** One of {@link HOLDERS}. */
export type Holder = (typeof HOLDERS)[number];

/** The registry key of each holder. */
export const TRUST_KEYS: Readonly<Record<Holder, string>> = { account: `HKCU\\${SOFTWARE_PUBLISHING}`, local_system: `HKU\\S-1-5-18\\${SOFTWARE_PUBLISHING}` };

/** The settings as an output, and as what a runbook remembers. */
export const SETTINGS = {
  type: "list",
  description: "`State` of the account and of LocalSystem, as the registry has it",
  items: {
    type: "object",
    properties: {
      holder: { type: "string", enum: HOLDERS, description: "Whose it is" },
      state: { type: "string", required: false, description: "Hexadecimal, `0x23c00`; absent where none is set" },
    },
  },
} as const;

/** A setting as it stands. */
export type Setting = TypeOf<(typeof SETTINGS)["items"]>;

/** The actions that read the settings, by holder. */
export const READ_SETTINGS: Readonly<Record<Holder, ActionDeclaration<unknown>>> = {
  account: { effect: "reads", title: "Read what the account checks of certificates", make: () => registryValue(TRUST_KEYS.account, STATE) },
  local_system: { effect: "reads", title: "Read what LocalSystem checks of certificates", make: () => registryValue(TRUST_KEYS.local_system, STATE) },
};

/** The readings that belong to {@link READ_SETTINGS}, for a look. */
export const SETTINGS_LOOK: Readonly<Record<Holder, ActionCall>> = { account: { action: "account" }, local_system: { action: "local_system" } };

function settingIn(facts: Facts, holder: Holder): Reading<Setting> {
  return parseReading(facts, holder, "program", (answer) => {
    const keys = parseRegistryQuery(`\`${TRUST_KEYS[holder]}\``, answer);
    if (keys.kind === "error") return keys;
    const text = keys.value[0]?.values.get(STATE.toLowerCase());
    if (text === undefined) return ok({ holder });
    const number = dwordOf(text);
    return number === undefined ? unreadable(`\`${STATE}\` under \`${TRUST_KEYS[holder]}\``, `it is \`${excerpt(text)}\`, expected \`0x23c00\``) : ok({ holder, state: stateText(number) });
  });
}

/** The settings of both holders. */
export function settingsIn(facts: Facts): Reading<readonly Setting[]> {
  const seen = allRead({ account: settingIn(facts, "account"), local_system: settingIn(facts, "local_system") });
  return seen.kind === "error" ? seen : ok([seen.value.account, seen.value.local_system]);
}

/** True if revocation is checked under a setting. */
export function isChecked(setting: Setting): boolean {
  return ((dwordOf(setting.state) ?? USUAL_STATE) & UNCHECKED_BIT) === 0;
}

/** A setting that differs in nothing but that revocation is not checked. */
export function unchecked(setting: Setting): Setting {
  return { holder: setting.holder, state: stateText((dwordOf(setting.state) ?? USUAL_STATE) | UNCHECKED_BIT) };
}

function stateText(state: number): string {
  return `0x${state.toString(16)}`;
}

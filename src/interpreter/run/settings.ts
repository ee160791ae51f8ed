import { durationMs } from "../../core/quantity.ts";
import type { Scope, Setting } from "../../core/runbook.ts";
import { convertValue } from "../language/convert.ts";
import { renderValue } from "../language/template.ts";

/** The value of a setting: a duration in ms, a number, a text. Undefined where the setting is absent; it was checked before, so what does not fit is said by throwing. */
export function settingMs(setting: Setting | undefined, scope: Scope): number | undefined {
  const value = settingValue(setting, scope);
  return value === undefined ? undefined : durationMs(String(value));
}

/** The number that a setting gives; undefined where it is absent. */
export function settingNumber(setting: Setting | undefined, scope: Scope): number | undefined {
  const value = settingValue(setting, scope);
  return value === undefined ? undefined : Number(value);
}

/** The text that a setting gives; undefined where it is absent. */
export function settingText(setting: Setting | undefined, scope: Scope): string | undefined {
  const value = settingValue(setting, scope);
  return value === undefined ? undefined : String(value);
}

function settingValue(setting: Setting | undefined, scope: Scope): unknown {
  if (setting === undefined) return undefined;
  const rendered = renderValue(setting.template, scope);
  if (rendered.kind !== "ok") throw new Error(`a setting has no value: ${setting.template.text}: ${rendered.because}`);
  const value = setting.schema.type === "duration" || setting.schema.type === "string" ? String(rendered.value) : typeof rendered.value === "string" ? Number(rendered.value) : rendered.value;
  const converted = convertValue(value, setting.schema);
  if (converted.kind === "error") throw new Error(`a setting does not fit: ${setting.template.text}: ${converted.error.map(({ message }) => message).join("; ")}`);
  return converted.value;
}

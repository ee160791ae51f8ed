const DURATION = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,15})ms)?$/;
const MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;

/** Milliseconds of a duration as the language writes it (`90s`, `10m`, `1h30m`, `3d`, `250ms`); undefined if it is none, or too long to count exactly. */
export function parseDuration(text: string): number | undefined {
  const found = DURATION.exec(text);
  if (found === null || text === "") return undefined;
  const [, d = "0", h = "0", m = "0", s = "0", ms = "0"] = found;
  const total = Number(d) * MS.d + Number(h) * MS.h + Number(m) * MS.m + Number(s) * MS.s + Number(ms);
  return Number.isSafeInteger(total) ? total : undefined;
}

/** Milliseconds of a duration that was checked before. A text that is none is our own mistake and throws. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new Error(`not a duration: ${text}`);
  return ms;
}

/** The shortest exact form of a duration: `90000` → `1m30s`, `0` → `0s`. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  let text = "";
  for (const [unit, size] of Object.entries(MS)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  if (rest > 0) text += `${rest}ms`;
  return text === "" ? "0s" : text;
}

/** What was left of a limit when something was begun, as a person would say it: what went by before is no matter of theirs. `3995` → `4s`, `59999` → `1m`, `1496` → `1s500ms`. To half a second, from ten seconds on to a second. */
export function formatLimit(ms: number): string {
  const unit = ms < 10_000 ? 500 : 1_000;
  return formatDuration(ms < unit ? ms : Math.round(ms / unit) * unit);
}

const SIZE = /^(\d{1,15})(?:\.(\d{1,9}))?(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;
const BYTES: Readonly<Record<string, number>> = {
  TiB: 1024 ** 4, TB: 1e12, GiB: 1024 ** 3, GB: 1e9, MiB: 1024 ** 2, MB: 1e6, KiB: 1024, KB: 1e3, kB: 1e3, B: 1,
};

/** Bytes of a size as the language writes it (`200MB`, `1.5GiB`, `12B`); undefined if it is none or no whole number of bytes. */
export function parseSize(text: string): number | undefined {
  const found = SIZE.exec(text);
  if (found === null) return undefined;
  const [, whole = "0", fraction = "", unit = "B"] = found;
  const bytes = Number(`${whole}.${fraction === "" ? "0" : fraction}`) * (BYTES[unit] ?? 1);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Bytes of a size that was checked before. A text that is none is our own mistake and throws. */
export function sizeBytes(text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined) throw new Error(`not a size: ${text}`);
  return bytes;
}

/** The shortest exact form of a size: `200000000` → `200MB`, `1048576` → `1MiB`, `7` → `7B`. */
export function formatSize(bytes: number): string {
  const exact = Object.entries(BYTES)
    .filter(([unit, size]) => unit !== "kB" && bytes % size === 0)
    .map(([unit, size]) => `${bytes / size}${unit}`);
  return exact.reduce((a, b) => (b.length < a.length ? b : a), `${bytes}B`);
}

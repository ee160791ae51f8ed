/** With less a job cannot keep its record and its output. Ours. */
export const JOBS_NEED_BYTES = 16_000_000;

/** With less a job may not be able to. Ours. */
export const LITTLE_BYTES = 200_000_000;

/** A size for people, with three digits: `80.8 GB`. */
export function sizeText(bytes: number): string {
  const [unit, by] = bytes >= 1e9 ? ["GB", 1e9] : bytes >= 1e6 ? ["MB", 1e6] : ["kB", 1e3];
  return `${Number((bytes / by).toPrecision(3))} ${unit}`;
}

/** The parts of a dotted version: runs of digits as numbers, runs of other characters as text. */
function partsOf(text: string): readonly (bigint | string)[] {
  return (text.match(/\d+|[^\d.]+/g) ?? []).map((part) => (/^\d/.test(part) ? BigInt(part) : part.toLowerCase()));
}

/**
 * Order of two dotted versions: negative, 0 or positive. Digits compare as numbers, letters as text, a missing part is 0
 * and letters come before numbers (`8.3-rc` < `8.3`); total, so every two texts compare. `8.3.83.6` < `8.3.245.2`, and
 * `08.03.0245.002` equals `8.3.245.2`.
 */
export function compareVersions(a: string, b: string): number {
  const left = partsOf(a);
  const right = partsOf(b);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const x = left[i] ?? 0n;
    const y = right[i] ?? 0n;
    if (x === y) continue;
    if (typeof x === typeof y) return x < y ? -1 : 1;
    return typeof x === "string" ? -1 : 1;
  }
  return 0;
}

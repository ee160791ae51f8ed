/** How an author's own names look. */
export const NAME = /^[a-z][a-z0-9_]*$/;

/** Names that an author may not give, although they look like names: words of CEL and of Handlebars (language.md section 1). */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(["in", "true", "false", "null", "undefined", "this"]);

/** Edits (insert, delete, replace, swap of neighbours) from one word to another. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The name that was probably meant, or undefined where none is near (more than a third of its letters away). */
export function nearestName(wanted: string, available: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of available) {
    if (Math.abs(name.length - wanted.length) >= bestDistance) continue;
    const edits = distance(wanted.toLowerCase(), name.toLowerCase());
    if (edits < bestDistance) {
      best = name;
      bestDistance = edits;
    }
  }
  return best;
}

/** "did you mean `x`?", else the available names, else undefined: the hint of every message about an unknown name. */
export function nameHint(wanted: string, available: Iterable<string>): string | undefined {
  const names = [...available];
  const near = nearestName(wanted, names);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (names.length === 0) return undefined;
  return `available: ${listedNames(names)}`;
}

/** Names for a sentence, a dozen of them at most, and how many more there are. */
export function listedNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `\`${name}\``);
  return `${shown.join(", ")}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ""}`;
}

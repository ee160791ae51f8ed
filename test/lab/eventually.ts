/** True as soon as it holds; false where it does not within the limit. A look follows the one before directly: it takes its time itself. */
export async function eventually(limitMs: number, holds: () => Promise<boolean>): Promise<boolean> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    if (await holds()) return true;
    if (performance.now() >= endMs) return false;
  }
}

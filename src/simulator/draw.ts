/**
 * A number from 0 (inclusive) to 1 (exclusive) that depends on its key alone: the same world, asked the same way, takes the
 * same time. FNV-1a over the key, then the finishing steps of MurmurHash3.
 */
export function draw(...key: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  const text = key.join("\u0000");
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** An entry of a directory, as a hostile writer may set it. */
export interface EntryParts {
  readonly name: string;
  readonly type: 1 | 2 | 5;
  readonly left?: number;
  readonly right?: number;
  readonly child?: number;
  readonly start?: number;
  readonly size?: number;
}

const SECTOR = 512;

/**
 * A compound file of 512-byte sectors: one sector of the allocation table, the directory behind it, then sectors whose followers are given.
 * The first of those is sector `1 + directory sectors`.
 */
export function compoundFile(entries: readonly EntryParts[], followers: readonly number[] = []): Buffer {
  const directorySectors = Math.ceil(entries.length / 4);
  const tableSectors = Math.ceil((1 + directorySectors + followers.length) / 127);
  const file = Buffer.alloc(SECTOR * (1 + tableSectors + directorySectors + followers.length));
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(file);
  for (const [at, value] of [[24, 0x3e], [26, 3], [28, 0xfffe], [30, 9], [32, 6]] as const) file.writeUInt16LE(value, at);
  file.fill(0xff, 76, SECTOR);
  for (const [at, value] of [[44, tableSectors], [48, tableSectors], [56, 4096], [60, -2], [68, -2]] as const) file.writeInt32LE(value, at);
  const follower = (sector: number, to: number): void => void file.writeInt32LE(to, SECTOR + sector * 4);
  for (let index = 0; index < tableSectors; index += 1) {
    file.writeInt32LE(index, 76 + index * 4);
    follower(index, -3);
  }
  for (let index = 0; index < directorySectors; index += 1) follower(tableSectors + index, index === directorySectors - 1 ? -2 : tableSectors + index + 1);
  followers.forEach((to, index) => follower(tableSectors + directorySectors + index, to));
  entries.forEach((entry, index) => {
    const at = SECTOR * (1 + tableSectors) + index * 128;
    const name = Buffer.from(`${entry.name}\0`, "utf16le");
    name.copy(file, at);
    file.writeUInt16LE(name.length, at + 64);
    file.writeUInt8(entry.type, at + 66);
    for (const [field, value] of [[68, entry.left ?? -1], [72, entry.right ?? -1], [76, entry.child ?? -1], [116, entry.start ?? -2], [120, entry.size ?? 0]] as const) file.writeInt32LE(value, at + field);
  });
  return file;
}

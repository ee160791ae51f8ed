const DRIVE = /^[A-Za-z]:[\\/]/;

/** True for a path that does not depend on a folder: `/srv/a`, `C:\a`, `\\server\share`. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith("/") || path.startsWith("\\\\") || DRIVE.test(path);
}

/** The separator of an absolute path: that of Windows where it begins with a drive or a share. */
function separatorOf(path: string): "/" | "\\" {
  return path.startsWith("\\\\") || DRIVE.test(path) ? "\\" : "/";
}

/** What an absolute path begins with and no `..` climbs over: `/`, `C:\`, `\\`. */
function rootOf(path: string): string {
  if (DRIVE.test(path)) return path.slice(0, 3);
  return path.startsWith("\\\\") ? "\\\\" : "/";
}

/** An absolute path without `.`, `..` and doubled separators. On a path of Windows both separators count. */
export function normalizePath(path: string): string {
  const separator = separatorOf(path);
  const root = rootOf(path);
  const segments: string[] = [];
  for (const segment of path.slice(root.length).split(separator === "/" ? "/" : /[\\/]/)) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return root.replaceAll("/", separator) + segments.join(separator);
}

/** The absolute path of `path` as a file in `folder` (absolute) would say it; an absolute path stays what it is. */
export function resolvePath(folder: string, path: string): string {
  return normalizePath(isAbsolutePath(path) ? path : folder + separatorOf(folder) + path);
}

/** The folder of an absolute path: `/srv/runbooks/a.yml` → `/srv/runbooks`. */
export function folderOf(path: string): string {
  const separator = separatorOf(path);
  const root = rootOf(path);
  return path.slice(0, Math.max(root.length, path.lastIndexOf(separator)));
}

/** True if an absolute path lies in an absolute folder, at any depth. Both are normalized. */
export function isInside(folder: string, path: string): boolean {
  const separator = separatorOf(folder);
  return path.startsWith(folder.endsWith(separator) ? folder : folder + separator);
}

/**
 * `path` as somebody would write it who wrote `display` for the absolute `file`: beside `runbooks/a.yml`,
 * `/p/runbooks/parts/b.yml` is `runbooks/parts/b.yml`. Both forms end alike; what comes before is exchanged. Absolute where
 * `path` does not lie below that.
 */
export function displayPathOf(path: string, file: string, display: string): string {
  let same = 0;
  while (same < display.length && same < file.length && display.at(-1 - same) === file.at(-1 - same)) same += 1;
  const shared = file.slice(file.length - same);
  const cut = same === display.length || display.at(-1 - same) === "/" ? 0 : shared.search(/[\\/]/) + 1;
  const above = file.slice(0, file.length - same + cut);
  return above !== "" && path.startsWith(above) ? display.slice(0, display.length - same + cut) + path.slice(above.length) : path;
}

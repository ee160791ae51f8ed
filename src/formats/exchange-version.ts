/** Four numbers with dots; the long form pads them, `08.03.0245.002` (domain page, 4.3). */
const BUILD = "(\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}\\.\\d{1,9})";
const WHOLE = new RegExp(`^${BUILD}$`);
const AT_START = new RegExp(`^${BUILD}(?![\\d.])`);
const AT_END = new RegExp(`(?:^|[^\\d.])${BUILD}\\)?$`);

function withoutPadding(build: string): string {
  return build.split(".").map(Number).join(".");
}

/** A build in its short form: `08.03.0245.002` → `8.3.245.2`; what follows after it (`8.3.83.6 (vbl)`) is left out. Undefined where the text begins with none. */
export function parseBuild(text: string): string | undefined {
  const build = AT_START.exec(text.trim())?.[1];
  return build === undefined ? undefined : withoutPadding(build);
}

/** `Version 8.1 (Build 240.6)`, as `AdminDisplayVersion` says it → `8.1.240.6`; a plain build is taken, too. It is the service pack's base: a rollup does not change it (domain page, 3.5). */
export function parseAdminDisplayVersion(text: string): string | undefined {
  const found = /^Version (\d{1,9}\.\d{1,9}) \(Build (\d{1,9}\.\d{1,9})\)$/.exec(text.trim());
  const build = found === null ? WHOLE.exec(text.trim())?.[1] : `${found[1]}.${found[2]}`;
  return build === undefined ? undefined : withoutPadding(build);
}

/** The build at the end of a patch's display name, `Update Rollup 1 for Exchange Server 2007 SP1 (KB945684) 8.1.263.1` (domain page, 4.4); undefined where it ends in none. */
export function buildInPatchName(displayName: string): string | undefined {
  const build = AT_END.exec(displayName.slice(-200).trimEnd())?.[1];
  return build === undefined ? undefined : withoutPadding(build);
}

/** The line of a build, `8.1` for 8.1.263.1: rollups of one line do not fit another (domain page, 4.1). */
export function lineOf(build: string): string {
  return build.split(".").slice(0, 2).map(Number).join(".");
}

#!/usr/bin/env -S node --disallow-code-generation-from-strings --max-semi-space-size=8 --heap-growing-percent=15
// The first thing that runs, on whatever Node is there: no syntax and no import here that an old one lacks.

const [major = 0, minor = 0, patch = 0] = process.versions.node.split(".").map(Number);
const isSupported = major > 24 || (major === 24 && minor >= 15) || (major === 22 && (minor > 22 || (minor === 22 && patch >= 2)));

if (!isSupported) {
  process.stderr.write(
    `runbook needs Node.js 24.15 or newer (or 22.22.2 and newer of 22); this is ${process.versions.node} at ${process.execPath}.\n` +
      "In a project that has it installed, `npx --no-install runbook` uses the right one. Where it was installed with\n" +
      "--ignore-scripts, run `npm rebuild node` once.\n",
  );
  process.exitCode = 2;
} else {
  process.getBuiltinModule("node:module").enableCompileCache?.();
  // Node 22 warns whoever loads node:sqlite, which holds the locks of runs. An operator can do nothing about it.
  const { emitWarning } = process;
  if (major === 22) process.emitWarning = (warning, ...rest) => (`${warning}`.startsWith("SQLite is an experimental feature") ? undefined : emitWarning.call(process, warning, ...rest));
  const { start } = await import("../src/cli/start.ts");
  await start(process.argv.slice(2));
}

#!/usr/bin/env -S node --max-semi-space-size=8
// The first thing that runs, on whatever Node is there: no syntax and no import here that an old one lacks.
// In the first line stand no flags of V8 on which compiled code depends (its `v8.cachedDataVersionTag()` tells): with one of them Node compiles its own modules
// anew at every start.

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
  forbidCodeFromText();
  const cache = compiledCodeFolder();
  if (cache !== undefined) process.getBuiltinModule("node:module").enableCompileCache?.(cache);
  // Node 22 warns whoever loads node:sqlite, which holds the locks of runs. An operator can do nothing about it.
  const { emitWarning } = process;
  if (major === 22) process.emitWarning = (warning, ...rest) => (`${warning}`.startsWith("SQLite is an experimental feature") ? undefined : emitWarning.call(process, warning, ...rest));
  const { start } = await import("../src/cli/start.ts");
  await start(process.argv.slice(2));
}

/**
 * Where compiled code is kept between two starts: a folder of the account's own. Where Node keeps it by default, in the folder for temporary files, another
 * account could have put code before, which this one would run. Undefined where there is none, or it is another account's (as under some sudo): then
 * nothing is kept, and the program starts more slowly.
 */
function compiledCodeFolder() {
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  const isWindows = process.platform === "win32";
  const own = isWindows ? LOCALAPPDATA : XDG_CACHE_HOME || HOME;
  if (!own) return undefined;
  try {
    const folder = process.getBuiltinModule("node:fs").statSync(own, { throwIfNoEntry: false });
    if (folder === undefined || (!isWindows && folder.uid !== process.getuid())) return undefined;
  } catch {
    return undefined;
  }
  return isWindows || XDG_CACHE_HOME ? `${own}/runbook` : `${own}/.cache/runbook`;
}

/**
 * Nothing of ours and of our packages makes code from text, and from here on nothing can: each of the four kinds of function is made by its constructor, and
 * that is only found by these ways. V8's own flag for it is one of those that the first line says it does without; and this holds however Node was started.
 */
function forbidCodeFromText() {
  for (const made of [function () {}, async function () {}, function* () {}, async function* () {}]) {
    const constructor = function () {
      throw new EvalError("runbook makes no code from text");
    };
    const prototype = Object.getPrototypeOf(made);
    // What asks whether a value is a function gets the same answer as before.
    constructor.prototype = prototype;
    Object.defineProperty(prototype, "constructor", { value: constructor, writable: false, configurable: false });
  }
  for (const name of ["eval", "Function"]) Object.defineProperty(globalThis, name, { value: Function.prototype.constructor, writable: false, configurable: false });
}

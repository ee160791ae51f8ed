import { chmod, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What was built. */
export interface Built {
  /** Absolute path of the program. */
  readonly program: string;
  readonly files: number;
  readonly bytes: number;
}

/** Bundles the program into a folder, which is emptied first: one small file that checks Node and loads the rest, and chunks that are loaded when a command needs them. */
export async function bundle(folder: string): Promise<Built> {
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: {
      "bin/runbook": "bin/runbook.mjs",
      // Small programs of ours that run beside the runner; `src/world/program-of-ours.ts` says where they lie.
      "programs/tether-process": "src/world/tether-process.ts",
      "programs/job-supervisor": "src/world/job-supervisor.ts",
    },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22.22",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "linked",
    logLevel: "warning",
    // CommonJS packages among the dependencies ask for Node's own modules with `require`.
    banner: { js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);' },
    metafile: true,
  });
  const program = join(folder, "bin/runbook.mjs");
  await chmod(program, 0o755);
  const outputs = Object.values(metafile.outputs);
  return { program, files: outputs.length, bytes: outputs.reduce((sum, output) => sum + output.bytes, 0) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, bytes } = await bundle(resolve(ROOT, "dist"));
  process.stdout.write(`dist: ${files} files, ${Math.round(bytes / 1000)} kB\n`);
}

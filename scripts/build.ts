import { chmod, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

await rm(`${root}dist`, { recursive: true, force: true });

const result = await build({
  absWorkingDir: root,
  entryPoints: {
    "bin/runbook": "bin/runbook.mjs",
    // Small programs of ours that run beside the runner; `src/world/program-of-ours.ts` says where they lie.
    "programs/tether-process": "src/world/tether-process.ts",
    "programs/job-supervisor": "src/world/job-supervisor.ts",
  },
  outdir: "dist",
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

await chmod(`${root}dist/bin/runbook.mjs`, 0o755);
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
process.stdout.write(`dist: ${Object.keys(result.metafile.outputs).length} files, ${Math.round(bytes / 1000)} kB\n`);

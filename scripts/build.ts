import { chmod, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type BuildOptions, type Plugin } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Packages that most runs do not need: each is a file of its own, loaded when one of its names is first read. */
const LAZY_PACKAGES: readonly string[] = ["yaml", "re2js"];

/** Modules of Node, of functions alone, that most runs do not need and that take long to load: loaded when one of them is called. */
const LAZY_MODULES: ReadonlySet<string> = new Set(["node:child_process", "node:crypto", "node:fs/promises", "node:stream/promises", "node:v8"]);

const FROM_NODE = /^import (.+) from "(node:.+)";$/gm;

/** What stands in the bundle instead of an import of a module of Node. */
function withoutImport(statement: string, names: string, name: string): string {
  const module = `globalThis.process.getBuiltinModule("${name}")`;
  const values = names.replaceAll(/\btype \w+,?/g, "");
  if (names.startsWith("type ")) return statement;
  if (!LAZY_MODULES.has(name) || !names.startsWith("{")) return `const ${values.replaceAll(" as ", ": ")} = ${module};`;
  return [...values.matchAll(/(\w+)(?: as (\w+))?/g)].map(([, own = "", here = own]) => `const ${here} = (...given) => ${module}.${own}(...given);`).join(" ");
}

/**
 * Takes Node's own modules from `process.getBuiltinModule`. To `import` one makes Node read every name that it exports, and some
 * load much more when they are read (`process.stdin`, `fs.promises`): that would be a tenth of the time in which `--version` answers.
 */
const modulesOfNode: Plugin = {
  name: "modules-of-node",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(FROM_NODE, withoutImport),
      loader: "ts",
    }));
  },
};

/** Puts a package behind names that load it when they are first read, so that importing it costs nothing. */
const lazyPackages: Plugin = {
  name: "lazy-packages",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^/ }, ({ path, kind }) => (kind === "import-statement" && LAZY_PACKAGES.includes(path) ? { path, namespace: "lazy" } : undefined));
    onLoad({ filter: /^/, namespace: "lazy" }, async ({ path }) => {
      const names = Object.keys((await import(path)) as object).filter((name) => name !== "default" && name !== "module.exports");
      return { contents: `const load = () => require("../packages/${path}.cjs");\n${names.map((name) => `Object.defineProperty(exports, "${name}", { get: () => load().${name}, enumerable: true });`).join("\n")}` };
    });
  },
};

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
  const common = {
    absWorkingDir: ROOT,
    outdir: folder,
    bundle: true,
    platform: "node",
    target: "node22.22",
    // Written as literals they are made when they are first used; as `new RegExp`, which esbuild falls back to, at once.
    supported: { "regexp-set-notation": true, "regexp-unicode-property-escapes": true },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "linked",
    logLevel: "warning",
    metafile: true,
  } satisfies BuildOptions;
  const program = await build({
    ...common,
    entryPoints: {
      "bin/runbook": "bin/runbook.mjs",
      // Small programs of ours that run beside the runner; `src/world/program-of-ours.ts` says where they lie.
      "programs/tether-process": "src/world/tether-process.ts",
      "programs/job-supervisor": "src/world/job-supervisor.ts",
    },
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    splitting: true,
    format: "esm",
    external: ["../packages/*"],
    plugins: [modulesOfNode, lazyPackages],
    // CommonJS packages among the dependencies ask for Node's own modules with `require`.
    banner: { js: 'const require = (name) => globalThis.process.getBuiltinModule("node:module").createRequire(import.meta.url)(name);' },
  });
  const { resolve: pathOf } = createRequire(import.meta.url);
  const packages = await build({
    ...common,
    entryPoints: Object.fromEntries(LAZY_PACKAGES.map((name) => [`packages/${name}`, pathOf(name)])),
    outExtension: { ".js": ".cjs" },
    format: "cjs",
  });
  const outputs = [program, packages].flatMap(({ metafile }) => Object.values(metafile.outputs));
  const path = join(folder, "bin/runbook.mjs");
  await chmod(path, 0o755);
  return { program: path, files: outputs.length, bytes: outputs.reduce((sum, output) => sum + output.bytes, 0) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder = "dist"] = process.argv;
  const { files, bytes } = await bundle(resolve(ROOT, folder));
  process.stdout.write(`${folder}: ${files} files, ${Math.round(bytes / 1000)} kB\n`);
}

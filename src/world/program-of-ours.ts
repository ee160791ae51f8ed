import { fileURLToPath } from "node:url";

/** The path of a small program of ours: `tether-process` or `job-supervisor`. In the sources it lies beside this file, in the bundle in the folder `programs`. */
export function programOfOurs(name: "tether-process" | "job-supervisor"): string {
  const place = import.meta.url.endsWith(".ts") ? `./${name}.ts` : `../programs/${name}.mjs`;
  return fileURLToPath(new URL(place, import.meta.url));
}

/** True in the program that Node was started with; `url` is its `import.meta.url`. */
export function isMainProgram(url: string): boolean {
  return process.argv[1] === fileURLToPath(url);
}

// Makes everything that is generated and checked in, in the order in which one needs the other.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const ORDER = ["generate-builtins-index.ts", "generate-schemas.ts", "generate-event-schema.ts", "generate-reference.ts", "generate-keys.ts"];

for (const script of ORDER) {
  const done = spawnSync(process.execPath, [join(import.meta.dirname, script)], { stdio: "inherit" });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

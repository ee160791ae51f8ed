import { defineConfig } from "vitest/config";

/** The tests on the real cluster: one at a time, since there is one cluster. */
export default defineConfig({
  test: {
    include: ["test/lab/**/*.test.ts"],
    globalSetup: ["test/lab/set-up.ts"],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 900_000,
    reporters: ["verbose", "./scripts/plain-line-reporter.ts"],
  },
});

import { defineConfig } from "vitest/config";

/** The tests on Windows' Node under wine: one at a time, since there is one Windows. */
export default defineConfig({
  test: {
    include: ["test/windows/**/*.test.ts"],
    globalSetup: ["test/windows/set-up.ts"],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    reporters: ["verbose", "./scripts/plain-line-reporter.ts"],
  },
});

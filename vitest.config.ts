import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Each of these has a configuration of its own.
    exclude: ["test/lab/**", "test/windows/**"],
    sequence: { shuffle: true },
    // Vitest would leave one processor free; many of these tests wait most of their time.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ["default", "./scripts/plain-line-reporter.ts"],
  },
});

import { appendFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends a test run with the line `N passed, N failed` (and `, N skipped` where tests were), alone on a line. The file that `TEST_COUNTS`
 * names is given the three numbers, so that several runs can be summed up.
 */
export class PlainLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      let ownFailures = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") count.passed += 1;
        else if (state === "failed") {
          count.failed += 1;
          ownFailures += 1;
        } else {
          count.skipped += 1;
          process.stdout.write(`skipped: ${test.fullName}\n`);
        }
      }
      if (module.state() === "failed" && ownFailures === 0) count.failed += 1;
    }
    const sums = process.env["TEST_COUNTS"];
    if (sums !== undefined) appendFileSync(sums, `${count.passed} ${count.failed} ${count.skipped}\n`);
    process.stdout.write(`${count.passed} passed, ${count.failed} failed${count.skipped === 0 ? "" : `, ${count.skipped} skipped`}\n`);
  }
}

export { PlainLineReporter as default };

import { expect, test } from "vitest";
import { explainMsiexecExitCode, MSIEXEC_EXIT_CODES } from "../../src/formats/msiexec-exit-codes.ts";

test.each([
  [0, "installed"], [3010, "installed_restart_required"], [1641, "installed_restarting"], [1618, "installer_busy"], [1603, "install_failed"],
  [1642, "wrong_package"], [1636, "wrong_package"], [1633, "wrong_package"], [1648, "wrong_package"], [1635, "package_unreadable"], [1622, "log_not_writable"],
  [1602, "stopped_by_user"], [1625, "forbidden"], [1632, "no_space"], [1612, "source_missing"], [1639, "bad_command"], [-1073741819, "install_failed"], [2, "install_failed"],
])("exit code %i means %s", (code, outcome) => {
  expect(explainMsiexecExitCode(code).outcome).toBe(outcome);
});

test("every exit code is explained in sentences", () => {
  for (const { because } of MSIEXEC_EXIT_CODES.values()) expect(because).toMatch(/^[A-Z].*\.$/);
});

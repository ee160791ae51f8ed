import type { InstallPhase } from "../job-state.ts";

/** What the log says of the action that failed, by phase. The texts are ours, in the shape of those of the Windows Installer (domain page, 4.5). */
const CAUSES: Readonly<Partial<Record<InstallPhase, readonly [action: string, cause: string]>>> = {
  patch: ["InstallFiles", "Error 1306. Another application has exclusive access to the file 'C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\store.exe'."],
  images: ["CA_CreateNativeImages", "CustomAction CA_CreateNativeImages returned actual error code 1603"],
  restore: ["StartServices", "Error 1920. Service 'Microsoft Exchange Service Host' (MSExchangeServiceHost) failed to start."],
};

/** The lines that a failure in a phase adds to the log before everything is rolled back: noise that every log has, the error, and the mark of the action (domain page, 4.5). */
export function failureLines(phase: InstallPhase): readonly string[] {
  const [action, cause] = CAUSES[phase] ?? ["InstallExecute", "Error 1603. A fatal error occurred."];
  return ["Note: 1: 2262 2: Error 3: -2147287038", `Product: Microsoft Exchange Server -- ${cause}`, "Note: 1: 2235 2:  3: ExchangeServer 4: SELECT `Value` FROM `Property`", `Action ended: ${action}. Return value 3.`];
}

/** Exit codes that end an installation before it has changed anything (domain page, 4.7): they come with the check of the command. */
const BEFORE_ANYTHING: ReadonlySet<number> = new Set([
  13, 87, 1601, 1604, 1605, 1612, 1613, 1618, 1619, 1620, 1622, 1625, 1631, 1632, 1633, 1635, 1636, 1637, 1638, 1639, 1640, 1642, 1643, 1644, 1645, 1646, 1647, 1648, 1649, 1652, 1653,
]);

/** The phase in which an installation fails that ends with an exit code, where the world file names none. */
export function phaseOfFailure(exitCode: number): "check" | "patch" {
  return BEFORE_ANYTHING.has(exitCode) ? "check" : "patch";
}

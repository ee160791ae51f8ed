import { readFileSync } from "node:fs";
import { CMDLETS } from "../../../../src/simulator/commands/table.ts";
import { compareVersions } from "../../../../src/core/version.ts";

/** Parameters that are switches where they exist (domain page, section 3). */
const SWITCHES: ReadonlySet<string> = new Set(["Confirm", "WhatIf", "ValidateOnly", "IgnoreDismounted", "Status", "DumpsterStatistics", "StandbyMachine", "MonitoringContext", "ValueOnly", "SimpleMatch"]);

const SHARED = readFileSync(new URL("cmdlets.psm1", import.meta.url), "utf8");

/** The module's text for nodes whose Exchange has this base version: every cmdlet that the world knows, with the parameters that it has there, as functions. */
export function nodeModule(base: string): string {
  const functions = [...CMDLETS.values()].map(({ name, parameters }) => {
    const known = Object.entries(parameters).filter(([, { from }]) => from === undefined || compareVersions(base, from) >= 0);
    return `function ${name} { [CmdletBinding()] param(${known.map(([parameter]) => `[${SWITCHES.has(parameter) ? "switch" : "object"}]$${parameter}`).join(", ")})\n  Invoke-World $PSCmdlet $PSBoundParameters }`;
  });
  return `${SHARED}\n${functions.join("\n")}\nExport-ModuleMember -Function ${cmdletNames().join(", ")} -Cmdlet ${KEPT_CMDLETS.join(", ")}\n`;
}

/** What is kept of the engine's own cmdlets: what speaks of paths and processes of the node's real side. */
export const KEPT_CMDLETS: readonly string[] = ["Join-Path", "Split-Path", "Test-Path", "Get-Process"];

/** The names of the cmdlets that the world knows, as they are written. */
export function cmdletNames(): readonly string[] {
  return [...CMDLETS.values()].map(({ name }) => name);
}

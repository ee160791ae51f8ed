import type { JsonObject } from "../../core/json.ts";
import { findFile, folderExists, pathKey } from "../files.ts";
import type { NodeState } from "../node-state.ts";
import { EXCHANGE_FOLDER, findKey, registryOf } from "../registry.ts";
import { timeText } from "../../core/time.ts";
import { takes } from "../timings.ts";
import type { WorldState } from "../world-state.ts";
import { failed, records, textOf, type CmdletCommand } from "./command.ts";

/** Bytes of `ExSetup.exe`; only that it is there matters. */
const EXSETUP_BYTES = 41_408;

/** `Get-Item -LiteralPath`: a file, a folder or a registry key; `ExSetup.exe` with its `VersionInfo.FileVersion` (domain page, 4.4). */
export const GET_ITEM: CmdletCommand = {
  name: "Get-Item",
  changes: false,
  parameters: { LiteralPath: {}, Path: {} },
  begin: ({ state, node }, parameters) => ({
    takesMs: takes(state, "program", "Get-Item", node?.name ?? "local"),
    end: () => {
      const path = textOf(parameters, "LiteralPath") || textOf(parameters, "Path");
      const item = node === undefined ? undefined : itemAt(state, node, path);
      return item === undefined ? failed("not_found", `Cannot find path '${path}' because it does not exist.`) : records(item);
    },
  }),
};

/** `Get-ItemProperty -LiteralPath KEY [-Name NAME]`: values of a registry key; a DWORD is a number. */
export const GET_ITEM_PROPERTY: CmdletCommand = {
  name: "Get-ItemProperty",
  changes: false,
  parameters: { LiteralPath: {}, Path: {}, Name: {} },
  begin: ({ state, node }, parameters) => ({
    takesMs: takes(state, "program", "Get-ItemProperty", node?.name ?? "local"),
    end: () => {
      const path = textOf(parameters, "LiteralPath") || textOf(parameters, "Path");
      const name = textOf(parameters, "Name");
      const key = node === undefined ? undefined : findKey(registryOf(node), path);
      if (key === undefined) return failed("not_found", `Cannot find path '${path}' because it does not exist.`);
      const values = key.values.filter((value) => name === "" || value.name.toLowerCase() === name.toLowerCase());
      if (name !== "" && values.length === 0) return failed("not_found", `Property ${name} does not exist at path ${path}.`);
      const isList = (type: string): boolean => type === "REG_MULTI_SZ";
      return records(Object.fromEntries(values.map((value) => [value.name, isList(value.type) ? String(value.value).split("\\0").filter((part) => part !== "") : value.value])));
    },
  }),
};

/** `Get-Variable -Name PSVersionTable`: it is not there in PowerShell 1.0 (domain page, 5). */
export const GET_VARIABLE: CmdletCommand = {
  name: "Get-Variable",
  changes: false,
  parameters: { Name: {}, ValueOnly: {} },
  begin: ({ state, node }, parameters) => ({
    takesMs: takes(state, "program", "Get-Variable", node?.name ?? "local"),
    end: () => {
      const name = textOf(parameters, "Name");
      const known = name.toLowerCase() === "psversiontable" && node !== undefined && Number(node.powershell.split(".")[0]) >= 2;
      return known ? records({ PSVersion: node.powershell }) : failed("not_found", `Cannot find a variable with name '${name}'.`);
    },
  }),
};

function itemAt(state: WorldState, node: NodeState, path: string): JsonObject | undefined {
  const exsetup = `${EXCHANGE_FOLDER}Bin\\ExSetup.exe`;
  if (pathKey(path) === pathKey(exsetup)) return { FullName: exsetup, Length: EXSETUP_BYTES, "VersionInfo.FileVersion": longBuild(node.exchange.fileBuild) };
  const file = findFile(state, node, path);
  if (file !== undefined) return { FullName: file.path, Length: file.bytes, ...(file.writtenMs === undefined ? {} : { LastWriteTimeUtc: timeText(file.writtenMs) }) };
  if (folderExists(node, path)) return { FullName: path };
  const key = findKey(registryOf(node), path);
  return key === undefined ? undefined : { Name: key.path };
}

/** The long form of a build, as file versions have it: `8.3.245.2` → `08.03.0245.002` (domain page, 4.3). */
export function longBuild(build: string): string {
  const widths = [2, 2, 4, 3];
  return build.split(".").map((part, index) => part.padStart(widths[index] ?? 0, "0")).join(".");
}

import type { ValuesOf } from "../core/schema.ts";

const POLICY = { type: "string", enum: ["Restricted", "AllSigned", "RemoteSigned", "Unrestricted"], required: false } as const;

/** What a node of the world file may say of the machine under Exchange; everything has a default. */
export const MACHINE_PROPERTIES = {
  free_disk: { type: "map", values: { type: "size" }, required: false, description: "What is free by drive, `C: 20GB`; default 40GB on C, 80GB on D" },
  execution_policy: {
    type: "object", required: false, description: "What Group Policy says of PowerShell's scripts; default: nothing",
    properties: { machine: { ...POLICY, description: "For the machine" }, user: { ...POLICY, description: "For the account" } },
  },
  revocation_check: { type: "string", enum: ["on", "off", "unset"], required: false, description: "Certificates are checked for revocation, by the account and by LocalSystem; default on" },
} as const;

/** A part of a node of the world file: its machine. */
export type MachineFile = ValuesOf<typeof MACHINE_PROPERTIES>;

/** A policy that Group Policy can set. */
export type ExecutionPolicy = (typeof POLICY)["enum"][number];

import type { Cause } from "./cause.ts";
import type { Fault } from "./fault.ts";

/** Something that comes about by itself at its time. Plain values, so that a world can be saved with what is still to come. */
export type Occurrence =
  | { readonly kind: "node-joined"; readonly node: string; readonly ticket: number }
  | { readonly kind: "node-down"; readonly node: string; readonly ticket: number }
  | { readonly kind: "node-booted"; readonly node: string; readonly ticket: number }
  | { readonly kind: "group-owned"; readonly group: string; readonly to: string; readonly ticket: number }
  | { readonly kind: "group-settled"; readonly group: string; readonly ticket: number; readonly status?: "Partially Online" | "Failed" | undefined }
  | { readonly kind: "mailbox-handed-over"; readonly to: string; readonly ticket: number }
  | { readonly kind: "mailbox-brought-up"; readonly node: string; readonly ticket: number }
  | { readonly kind: "mailbox-stopped"; readonly ticket: number }
  | { readonly kind: "service-started"; readonly node: string; readonly service: string }
  | { readonly kind: "service-stopped"; readonly node: string; readonly service: string }
  | { readonly kind: "install-phase-over"; readonly node: string; readonly job: string }
  | { readonly kind: "job-over"; readonly node: string; readonly job: string; readonly exitCode: number }
  | { readonly kind: "service-given-up"; readonly node: string; readonly service: string }
  | { readonly kind: "delayed-start"; readonly node: string; readonly bootMs: number }
  | { readonly kind: "load-over"; readonly storageGroup: string; readonly logRate: number }
  | { readonly kind: "backup-begins"; readonly job: number }
  | { readonly kind: "fault"; readonly fault: Fault };

/** An occurrence with its time; those of one moment come in the order of their numbers. */
export interface Due {
  readonly atMs: number;
  readonly number: number;
  readonly what: Occurrence;
  /** Who set it off. */
  readonly cause: Cause;
}

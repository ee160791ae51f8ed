import type { LoggedEvent } from "./event-log.ts";
import type { CopySummary } from "./mailbox-state.ts";
import type { ServiceState } from "./node-state.ts";
import type { StartMode } from "./job-state.ts";

/** What the world does by itself, or a person does to it: a closed list, and each of them is honoured. */
export type Fault =
  | { readonly kind: "restart"; readonly node: string }
  | { readonly kind: "power-off"; readonly node: string }
  | { readonly kind: "power-on"; readonly node: string }
  | { readonly kind: "unreachable"; readonly node: string; readonly forMs: number }
  | { readonly kind: "pause"; readonly node: string }
  | { readonly kind: "resume"; readonly node: string }
  | { readonly kind: "move-group"; readonly group: string; readonly to: string }
  | { readonly kind: "failback"; readonly group: string; readonly to?: string | undefined }
  | { readonly kind: "fail-over"; readonly to: string }
  | { readonly kind: "hand-over"; readonly to: string }
  | { readonly kind: "witness"; readonly reachable: boolean }
  | { readonly kind: "copy"; readonly storageGroup?: string | undefined; readonly status: CopySummary; readonly message: string; readonly forMs?: number | undefined; readonly queue?: number | undefined }
  | { readonly kind: "service"; readonly node: string; readonly name: string; readonly startMode?: StartMode | undefined; readonly state?: ServiceState["state"] | undefined }
  | { readonly kind: "dismount"; readonly database: string }
  | { readonly kind: "mount"; readonly database: string }
  | { readonly kind: "backup"; readonly forMs: number }
  | { readonly kind: "installer-busy"; readonly node: string; readonly forMs: number }
  | { readonly kind: "restart-pending"; readonly node: string }
  | { readonly kind: "load"; readonly storageGroup?: string | undefined; readonly logRate: number; readonly forMs?: number | undefined }
  | { readonly kind: "setup"; readonly node: string; readonly kb: string }
  | { readonly kind: "log-event"; readonly node: string; readonly entry: Omit<LoggedEvent, "atMs"> }
  | { readonly kind: "mail-flow"; readonly flow: "working" | "failing" }
  | { readonly kind: "remove-file"; readonly node: string; readonly path: string };

import { AFTERWARDS } from "./afterwards.ts";
import type { Failure } from "./failure.ts";
import { GUARDS } from "./guards.ts";
import { MACHINE } from "./machine.ts";
import { MOVE } from "./move.ts";
import { BEFORE, PREFLIGHT } from "./preflight.ts";
import { REST } from "./rest.ts";
import { SETUP } from "./setup.ts";

/** Every world in which something fails, and some in which nothing does. */
export const FAILURES: readonly Failure[] = [...PREFLIGHT, ...BEFORE, ...SETUP, ...MOVE, ...REST, ...GUARDS, ...MACHINE, ...AFTERWARDS];

/** Rows that are no matter of the world alone: who else runs, and when the runner dies. The test beside them has their name. */
export const OF_THE_RUNNER = ["F37", "F38"] as const;

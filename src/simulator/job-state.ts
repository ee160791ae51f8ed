/** The parts of a rollup's installation, in their order (domain page, 7.3); `roll_back` in place of the rest where it fails. */
export type InstallPhase = "check" | "prepare" | "stop" | "patch" | "images" | "restore" | "register" | "roll_back";

/** A service as setup remembers it before it is disabled. */
export interface RememberedService {
  readonly name: string;
  readonly startMode: StartMode;
  readonly running: boolean;
}

/** How a service starts, as `Win32_Service.StartMode` names it. */
export type StartMode = "Auto" | "Manual" | "Disabled";

/** How an installation will go; what is absent goes well. */
export interface InstallOutcome {
  /** 0, or the code that it ends with instead. 3010 is success. */
  readonly exitCode?: number | undefined;
  /** The phase whose end brings the failure; default: `check` for the codes before which nothing is changed, else `patch`. */
  readonly failsIn?: "check" | "prepare" | "patch" | "images" | "restore" | undefined;
  /** `disabled`: a failed installation leaves every Exchange service Stopped and Disabled (F14). */
  readonly services?: "restored" | "disabled" | undefined;
  /** `stopped`: the Cluster service is not started again (F25). */
  readonly clusterService?: "started" | "stopped" | undefined;
  /** `old`: it is registered, but the files are not replaced (F22). */
  readonly files?: "new" | "old" | undefined;
  /** Services that do not start afterwards (F23). */
  readonly notStarted?: readonly string[] | undefined;
  /** Startup types that it leaves, by service, in place of the remembered ones (F24). */
  readonly startModes?: Readonly<Record<string, StartMode>> | undefined;
  /** The phase in which it stops at a dialog (F19). */
  readonly hangsIn?: "prepare" | "patch" | undefined;
  /** How long the native images take (F18), in ms. */
  readonly imagesMs?: number | undefined;
}

/** An installation under way or done. */
export interface InstallState {
  /** The package's knowledge base number; "" until the file is read. */
  kb: string;
  /** True once it is known that the patch is removed, not applied. */
  removes: boolean;
  phase: InstallPhase;
  /** When the phase began. */
  phaseSinceMs: number;
  /** Exchange's services as they were before setup touched them; empty before `stop`. */
  remembered: readonly RememberedService[];
  readonly outcome: InstallOutcome;
  /** What it will end with after `roll_back`. */
  failure: number;
  /** True where `/norestart` is missing: a needed restart is begun by the installer (exit code 1641). */
  readonly mayRestart: boolean;
  /** True where no quiet switch is given: it stops at a dialog that nobody answers (F19). */
  readonly asks: boolean;
}

/** A program that outlasts the channel, as its node knows it. */
export interface JobState {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly startedMs: number;
  state: "running" | "ended" | "lost";
  /** When it ended or was lost. */
  endedMs?: number | undefined;
  exitCode?: number | undefined;
  /** The log's path; absent where it writes none. */
  readonly log?: string | undefined;
  /** What became of it, oldest first: the lines of its log are made from this. After a `silent` entry nothing more is written until the next. */
  readonly history: { readonly atMs: number; readonly text: string; readonly silent?: boolean }[];
  /** Shown in place of the true exit code: an effect without a good answer. */
  readonly shownExitCode?: number | undefined;
  readonly install?: InstallState | undefined;
  /** Somebody else started it: it is in no list of jobs that we started. */
  readonly foreign?: boolean | undefined;
  /** Its node keeps no record of it any more: it is in no list, and its name is free. What it did, and the log that it wrote, stay. */
  forgotten?: boolean | undefined;
}

/** The jobs that a node knows, in the order of their starts, whoever started them. */
export function jobsKnownTo({ jobs }: { readonly jobs: readonly JobState[] }): readonly JobState[] {
  return jobs.filter(({ forgotten }) => forgotten !== true);
}

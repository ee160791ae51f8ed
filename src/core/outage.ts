/** An interval in which a probe was down. */
export interface Outage {
  readonly probe: string;
  /** Path of the step whose intent was open when it began; absent where none was. */
  readonly step?: string;
  /** From the first `down` sample to the first `up` sample. */
  readonly ms: number;
  /** From the last `up` sample before: the most that it can have been. */
  readonly upperMs: number;
  readonly since: string;
  /** True if no end of it was seen: it lasted `ms` at least. */
  readonly open: boolean;
  /** True if nobody watched any more then, and the run was taken up again: what is measured later is another outage. */
  readonly cut?: boolean;
}

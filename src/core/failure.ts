/** The world's refusal, as a value in an event. */
export interface Failure {
  /** One of {@link INTERPRETER_CODES} or a code that the builtin declares. */
  readonly code: string;
  /** A sentence that names cause and cure. */
  readonly because: string;
}

/** Failure codes that any step can end with, with what they mean (language.md section 7). */
export const INTERPRETER_CODES = {
  timeout: "the limit passed, and a last look did not find it done",
  unreachable: "the target did not answer",
  lost: "the channel broke while something ran, and its outcome cannot be seen",
  expectation: "the builtin was done, and an `expect` did not hold",
  not_known: "a value that a decision needs cannot be told",
  not_a_target: "the address is none of the run's targets",
  not_found: "a program, cmdlet, file or object does not exist",
  denied: "the account lacks a right",
  no_progress: "an action had no effect as often as it may be tried",
  declined: "a person said no",
  expired: "a question was not answered in its time",
  cancelled: "the run was cancelled",
  unreadable: "the answer could not be read",
  bad_input: "a value does not fit the input that it is given to",
  cmdlet_error: "a cmdlet ended with an error",
  invariant: "an invariant does not hold",
  not_yet: "it does not hold yet, and was not waited for",
} as const;

/** A failure code of the interpreter. */
export type InterpreterCode = keyof typeof INTERPRETER_CODES;

import {
  type CasesPlace, DURATION_PLACE, EXPRESSION, INTEGER_PLACE, type KeyPlace, LITERAL, listOf, mapOf, NAME_PLACE, type Place, recordOf, type RecordPlace, scalarOf, TEXT,
} from "./schema-place.ts";

/** What happens when a step fails; `core/runbook` FailurePolicy. */
const FAILURE_POLICIES = ["stop", "continue", "note", "ask"] as const;

/** A list of steps that holds at least one. */
export const STEPS: Place = listOf(recordOf("step"), 1);

const CONDITION_OR_RECORD: Place = { kind: "either", scalar: EXPRESSION, map: recordOf("condition") };

/** What has no meaning beside `block`, and what beside `call` (language.md section 5, "On"). */
const LEAF_KEYS = ["retry", "expect", "wait-until", "every", "remember", "irreversible", "rollback"];
const BLOCK_KEYS = ["rescue", "always", "after-rescue"];

const EVERY_STEP: Readonly<Record<string, KeyPlace>> = {
  id: { place: NAME_PLACE, required: true, description: "Identifier, unique in the file: the step is known by it in the run, the journal and on resume." },
  title: { place: TEXT, description: "What the step does, for the person who watches. Templates are allowed." },
  why: { place: TEXT, description: "Why it is done, for the person who reviews. Templates are allowed." },
  if: { place: EXPRESSION, description: "CEL, boolean. Judged once; false skips the step and says which part was false." },
  "for-each": { place: EXPRESSION, description: "CEL, a list: one instance of the step for each item, `targets.nodes.addresses` for a group." },
  as: { place: NAME_PLACE, default: "item", description: "Name of the item in the instances of `for-each`." },
  "max-parallel": { place: INTEGER_PLACE, default: 1, description: "How many instances of `for-each` run at once." },
  "max-failures": { place: INTEGER_PLACE, default: 0, description: "How many instances of `for-each` may fail before none is begun any more." },
  timeout: { place: DURATION_PLACE, description: "Limit of the step. Each builtin has a default; none is endless.", examples: ["10m"] },
  "on-failure": {
    place: { kind: "word", words: FAILURE_POLICIES, templates: "allowed" },
    default: "stop",
    description: "`stop`; `continue`: the run goes on and ends failed; `note`, on what only reads: an open item; `ask`: a person decides.",
  },
};

const LEAF: Readonly<Record<string, KeyPlace>> = {
  uses: { place: LITERAL, description: "The builtin that the step runs." },
  with: { place: { kind: "any" }, description: "Inputs of the builtin or of the called file." },
  target: { place: TEXT, description: "Where the step acts: the name of a target, `local`, or a template that gives an address of the run." },
  retry: { place: recordOf("retry"), description: "Try again after a failure." },
  expect: { place: listOf(recordOf("condition")), description: "What must hold of the outputs once the builtin is done; all are judged and reported together." },
  "wait-until": { place: CONDITION_OR_RECORD, description: "CEL over `outputs`: look again until it is true, or until the timeout." },
  every: { place: DURATION_PLACE, description: "How long to wait between the looks of `wait-until`.", examples: ["15s"] },
  remember: { place: scalarOf("boolean", "none"), description: "`true`: the outputs are a memory that is given back on a resume and never read again." },
  irreversible: { place: TEXT, description: "The reason why something is done that cannot be undone. Required where the builtin destroys or is one-way." },
  rollback: { place: STEPS, description: "Steps that undo what it changed, for `runbook rollback`. They read `inputs`, `vars`, `targets`, `run`, the loop's item and the outputs of this step." },
};

const BLOCK: Readonly<Record<string, KeyPlace>> = {
  block: { place: STEPS, description: "Steps that belong together." },
  rescue: { place: STEPS, description: "Steps that run when one of the block failed; `failure.step`, `.code`, `.because` are in reach." },
  "after-rescue": { place: { kind: "word", words: ["stop", "continue"], templates: "none" }, description: "Does the run go on when the rescue ended well?" },
  always: { place: STEPS, description: "Steps that run in any case, also after a cancellation." },
};

const CALL: Readonly<Record<string, KeyPlace>> = {
  call: { place: LITERAL, description: "Another runbook file, relative to this one.", examples: ["./parts/hand-over.yml"] },
  pass: { place: listOf(NAME_PLACE), description: "Inputs that are handed on under the same name." },
};

const STEP: RecordPlace = {
  name: "step",
  title: "a step",
  keys: { ...EVERY_STEP, ...LEAF, ...BLOCK, ...CALL },
  exactlyOne: ["uses", "block", "call"],
  needs: { as: "for-each", "max-parallel": "for-each", "max-failures": "for-each", every: "wait-until", rescue: "after-rescue", "after-rescue": "rescue" },
  excludes: {
    uses: [...BLOCK_KEYS, "pass"],
    block: [...LEAF_KEYS, "with", "pass"],
    call: [...LEAF_KEYS, ...BLOCK_KEYS, "target"],
    "wait-until": ["retry"],
  },
  beside: { call: { with: mapOf({ kind: "any" }) } },
  cases: "uses",
};

/** Steps and what stands inside them. */
export const STEP_RECORDS: readonly RecordPlace[] = [
  STEP,
  {
    name: "condition",
    title: "a condition",
    keys: {
      that: { place: EXPRESSION, required: true, description: "CEL, boolean." },
      because: { place: TEXT, description: "What is wrong when it does not hold, as a sentence. Templates are allowed." },
    },
  },
  {
    name: "retry",
    title: "a retry policy",
    keys: {
      attempts: { place: INTEGER_PLACE, required: true, description: "How often in all, the first included.", examples: [3] },
      delay: { place: DURATION_PLACE, description: "How long to wait before the second attempt.", examples: ["2m"] },
      backoff: { place: scalarOf("number", "allowed"), description: "By how much each further delay is multiplied.", examples: [2] },
      "max-delay": { place: DURATION_PLACE, description: "No delay is longer than this." },
      on: { place: listOf(LITERAL, 1), description: "Failure codes after which it is tried again; without it, all.", examples: [["unreachable"]] },
    },
  },
  {
    name: "reading",
    title: "a reading",
    keys: {
      uses: { place: LITERAL, required: true, description: "A builtin that only reads." },
      with: { place: { kind: "any" }, description: "Inputs of the builtin." },
      target: { place: TEXT, description: "Where to read; the step's own target unless said." },
      that: { place: EXPRESSION, required: true, description: "CEL over the reading's `outputs`." },
    },
    cases: "uses",
  },
];

/** What every builtin asks of the step that uses it, by the builtin's name. */
export function usesCases(branches: CasesPlace["branches"]): CasesPlace {
  return { name: "uses", key: "uses", branches };
}

import { DURATION_PLACE, EXPRESSION, LITERAL, listOf, mapOf, NAME_PLACE, type Place, recordOf, type RecordPlace, scalarOf, TEXT, TEXT_OR_TEXTS } from "./schema-place.ts";
import { STEPS } from "./schema-step.ts";

/** The word of a first key: the version of the language. */
export const VERSION: Place = { kind: "word", words: ["1"], templates: "none" };

const READINGS: Place = listOf(recordOf("step"));

const RUNBOOK: RecordPlace = {
  name: "runbook",
  title: "a runbook",
  keys: {
    runbook: { place: VERSION, required: true, description: "Version of the language." },
    name: { place: NAME_PLACE, required: true, description: "Identifier of the procedure." },
    title: { place: TEXT, required: true, description: "What the procedure does, in one line." },
    description: { place: TEXT, description: "When and how to use it." },
    translations: { place: listOf(LITERAL), description: "Files with the runbook's texts in other languages (`texts: 1`)." },
    owner: { place: LITERAL, description: "Who answers for the procedure." },
    reviewed: { place: scalarOf("date", "none"), description: "Date of the last review by a person." },
    references: { place: listOf(recordOf("reference")), description: "The procedure's sources." },
    inputs: { place: mapOf(recordOf("input")), description: "What a person gives, by name." },
    vars: { place: mapOf(TEXT), description: "Templates over inputs, other vars and `run.*`, by name; computed once." },
    targets: { place: { kind: "map", keys: "target-name", values: recordOf("target") }, description: "Where steps act, by name." },
    target: { place: TEXT, description: "Default target of the steps below: the name of a target, or `local`." },
    lock: { place: listOf(TEXT), description: "Templates over inputs and vars: two runs that share a lock never run at once." },
    timeout: { place: DURATION_PLACE, description: "Limit of the whole run, open questions not counted.", examples: ["4h"] },
    probes: { place: mapOf(recordOf("probe")), description: "What is watched beside the steps, by name." },
    invariants: { place: listOf(recordOf("invariant")), description: "What must hold during the run." },
    preconditions: { place: READINGS, description: "Reading steps that all run before anything changes; all that fail are reported together." },
    steps: { place: STEPS, description: "The procedure." },
    checks: { place: STEPS, description: "Instead of `steps`, for a file that only looks: reading steps that all run and are reported together." },
    postconditions: { place: READINGS, description: "Reading steps that state the whole goal. Where all hold at the start there is nothing to do." },
    outputs: { place: mapOf(EXPRESSION), description: "CEL over the steps, by name: what a caller reads." },
  },
  exactlyOne: ["steps", "checks"],
  excludes: { checks: ["preconditions", "postconditions", "lock", "probes", "invariants"] },
};

/** A runbook and what stands in it besides inputs and steps (language.md sections 2, 4 and 8). */
export const RUNBOOK_RECORDS: readonly RecordPlace[] = [
  RUNBOOK,
  {
    name: "reference",
    title: "a reference",
    keys: {
      title: { place: LITERAL, required: true, description: "Title of the source." },
      published: { place: LITERAL, description: "When it was published." },
      note: { place: LITERAL, description: "What to know about it." },
    },
  },
  {
    name: "target",
    title: "a target",
    keys: {
      address: { place: TEXT, description: "The one address.", examples: ["{{inputs.node_a}}"] },
      addresses: { place: TEXT_OR_TEXTS, description: "The addresses of a group: a template that gives a list, or a list of templates." },
      description: { place: TEXT, description: "What stands there." },
    },
    exactlyOne: ["address", "addresses"],
  },
  {
    name: "probe",
    title: "a probe",
    keys: {
      title: { place: TEXT, description: "What is watched, for a person." },
      uses: { place: LITERAL, required: true, description: "A builtin that only reads." },
      with: { place: { kind: "any" }, description: "Inputs of the builtin." },
      target: { place: TEXT_OR_TEXTS, description: "Where it looks; of several, asked in their order, the first good answer counts." },
      every: { place: DURATION_PLACE, required: true, description: "How often it looks.", examples: ["10s"] },
      up: { place: EXPRESSION, required: true, description: "CEL over `outputs`: true while all is well." },
      "down-only-during": { place: listOf(LITERAL), description: "Paths of the steps during which it may be down; an empty list means never.", examples: [["handover"]] },
      "outage-budget": { place: DURATION_PLACE, description: "How long each outage may last.", examples: ["10m"] },
    },
    cases: "uses",
  },
  {
    name: "invariant",
    title: "an invariant",
    keys: {
      id: { place: NAME_PLACE, required: true, description: "Identifier; probes and invariants share one name space." },
      that: { place: EXPRESSION, required: true, description: "CEL over `probes`: what must hold." },
      because: { place: TEXT, description: "What is wrong when it does not hold, as a sentence." },
    },
  },
];

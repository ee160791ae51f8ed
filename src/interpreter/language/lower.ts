import type { Registry } from "../../core/builtin.ts";
import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { emptyObject } from "../../core/json.ts";
import type { Reference, Runbook, Step } from "../../core/runbook.ts";
import type { Properties, Schema } from "../../core/schema.ts";
import { checkPaths } from "./check-path.ts";
import { firstChange } from "./check-reading.ts";
import { withDefaultIn } from "./inputs-files.ts";
import { indexSteps, outputsOfSteps } from "./lower-index.ts";
import { limitedTo, placeOf, withRoot, type FileContext, type Place } from "./lower-context.ts";
import type { DeclaredStep, FileLists } from "./lower-declare.ts";
import type { LeafPlace } from "./lower-leaf.ts";
import { recordMembers, stepMembers, withGaps } from "./lower-members.ts";
import { lowerOutputs } from "./lower-outputs.ts";
import { lowerProperties } from "./lower-schema.ts";
import { lowerList } from "./lower-step.ts";
import { lowerTargetRef, targetNodeOf } from "./lower-target.ts";
import { lowerLocks, lowerTargets, targetKinds } from "./lower-targets.ts";
import { lowerSetting, lowerText, plainTemplate, plainText } from "./lower-text.ts";
import { lowerVars } from "./lower-vars.ts";
import { unsureRoots } from "./lower-unsure.ts";
import { lowerInvariants, lowerProbes } from "./lower-watch.ts";
import { valueAt, type MapNode, type Node } from "./node.ts";
import { secretSourceOf } from "./secret-source.ts";
import { record, typed, type Root } from "./type-scope.ts";

/** What lowering a file needs beside its tree. */
export interface LowerInput {
  readonly node: MapNode;
  /** Absolute path. */
  readonly file: string;
  readonly folder: string;
  readonly registry: Registry;
  readonly lists: FileLists;
  /** The file that a step calls; undefined where it could not be loaded, which was reported. */
  readonly calleeOf: (step: DeclaredStep) => Runbook | undefined;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** A lowered file without its translations, and what their texts are lowered with. */
export interface Lowered {
  readonly runbook: Runbook;
  /** Where texts of the file stand that no step owns. */
  readonly place: Place;
  /** Where the texts of invariants stand. */
  readonly watchPlace: Place;
  readonly context: FileContext;
  /** Also of those that could not be lowered. */
  readonly probeNames: ReadonlySet<string>;
  readonly invariantNames: ReadonlySet<string>;
}

const TEXT: Schema = { type: "string" };

/** `run`, as every file sees it. */
const RUN = record({ id: TEXT, operator: TEXT, started: { type: "string", format: "time" }, system: TEXT, simulated: { type: "boolean" } });

const KNOWN_EARLY = "it is shown before the first step: only `inputs`, `vars`, `targets` and `run` can be read here";

/** Place of a text that belongs to the file as a whole. */
export function filePlace(place: Place): Place {
  return limitedTo(place, ["inputs", "vars", "targets", "run"], KNOWN_EARLY);
}

function contextOf(input: LowerInput): FileContext {
  const { node, folder, registry, report, calleeOf, lists } = input;
  const stepsById = indexSteps(lists);
  const found = { outputs: outputsOfSteps(lists, registry, calleeOf), items: new Map(), facts: new Map() };
  return { folder, registry, report, unsure: unsureRoots(node, lists), stepsById, found, targets: targetKinds(valueAt(node, "targets")), places: new Map(), calleeOf };
}

function inputsOf(properties: Properties, node: Node | undefined, folder: string): Runbook["inputs"] {
  const entries = node?.kind === "map" ? node.entries : [];
  return entries.map(({ key, value }) => {
    const from = value.kind === "map" ? secretSourceOf(valueAt(value, "from"), folder) : undefined;
    return { name: key.text, schema: withDefaultIn(properties[key.text] ?? TEXT, folder), span: key.span, ...(from === undefined ? {} : { from }) };
  });
}

function referencesOf(node: Node | undefined): readonly Reference[] {
  const items = node?.kind === "list" ? node.items.filter((item) => item.kind === "map") : [];
  return items.map((item) => ({ title: plainText(valueAt(item, "title")) ?? "", published: plainText(valueAt(item, "published")), note: plainText(valueAt(item, "note")) }));
}

function idsIn(node: Node | undefined): ReadonlySet<string> {
  const items = node?.kind === "list" ? node.items : [];
  return new Set(items.flatMap((item) => (item.kind === "map" ? plainText(valueAt(item, "id")) ?? [] : [])));
}

/** In a list that only looks, every leaf below every step reads. */
function refuseChanges(steps: readonly Step[], list: string, report: (diagnostic: Diagnostic) => void): void {
  for (const step of steps) {
    const change = firstChange(step);
    if (change === undefined) continue;
    report(errorAt(change.step.span, "not-reading", `\`${list}\` only look, and step \`${change.step.id}\` does not: ${change.what}`, "what changes something belongs into `steps`"));
  }
}

/**
 * A tree as a runbook: names resolved, expressions compiled and typed, rules of place checked. All faults go to `report`; where
 * there was an error the runbook is incomplete and must not be used for anything but further checks.
 */
export function lowerRunbook(input: LowerInput): Lowered {
  const { node, report, lists } = input;
  const at = (key: string): Node | undefined => valueAt(node, key);
  const context = contextOf(input);
  const properties = lowerProperties(at("inputs"), report);
  const [varTypes, targetTypes, probeTypes] = [emptyObject<Schema>(), emptyObject<Schema>(), emptyObject<Schema>()];
  const rootOf = (name: string, types: Properties): Root => (context.unsure.has(name) ? { kind: "members", members: withGaps(recordMembers(types)) } : typed(record(types)));
  const members = stepMembers(context.stepsById, context.found);
  const roots = new Map<string, Root>([
    ["inputs", rootOf("inputs", properties)], ["vars", rootOf("vars", varTypes)], ["targets", rootOf("targets", targetTypes)], ["run", typed(RUN)],
    ["steps", { kind: "members", members: context.unsure.has("steps") ? withGaps(members) : members }],
  ]);
  const place = placeOf(roots, { kind: "watch" });
  const { vars, ofTheRun } = lowerVars(at("vars"), varTypes, place, context);
  const targets = lowerTargets(at("targets"), targetTypes, place, ofTheRun, context);
  const inherited = targetNodeOf(node);
  if (inherited !== undefined && inherited.text !== "" && !inherited.text.includes("{{")) lowerTargetRef(inherited, place, context);

  const leafPlace: LeafPlace = { place, context, inherited };
  const preconditions = lowerList(lists.preconditions, leafPlace);
  const steps = lowerList(lists.steps, leafPlace);
  const postconditions = lowerList(lists.postconditions, leafPlace);
  refuseChanges(preconditions, "preconditions", report);
  refuseChanges(postconditions, "postconditions", report);
  if (lists.mode === "checks") refuseChanges(steps, "checks", report);

  const probes = lowerProbes(at("probes"), probeTypes, leafPlace);
  const watchPlace = withRoot(place, "probes", typed(record(probeTypes)));
  const invariants = lowerInvariants(at("invariants"), watchPlace, context);
  checkPaths(at("probes"), [...preconditions, ...steps, ...postconditions], context);
  const { outputs, schemas } = lowerOutputs(at("outputs"), postconditions.length > 0, placeOf(roots, { kind: "end" }), context);
  const texts = filePlace(place);
  const runbook: Runbook = {
    source: node.span.source,
    file: input.file,
    name: plainText(at("name")) ?? "",
    title: lowerText(at("title"), texts, context) ?? plainTemplate("", node.span),
    description: lowerText(at("description"), texts, context),
    owner: plainText(at("owner")),
    reviewed: plainText(at("reviewed")),
    references: referencesOf(at("references")),
    inputs: inputsOf(properties, at("inputs"), input.folder),
    vars,
    targets,
    lock: lowerLocks(at("lock"), place, ofTheRun, context),
    timeout: lowerSetting(at("timeout"), { type: "duration" }, "timeout", place, context),
    probes,
    invariants,
    mode: lists.mode,
    preconditions,
    steps,
    postconditions,
    outputs,
    outputSchemas: schemas,
    translations: new Map(),
  };
  return { runbook, place, watchPlace, context, probeNames: new Set(Object.keys(probeTypes)), invariantNames: idsIn(at("invariants")) };
}

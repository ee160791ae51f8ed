import { defineBuiltin } from "../../core/builtin.ts";
import { withoutReading } from "../../core/reading.ts";
import { levelActions, levelIn, lookAtLevel } from "./shared/rollup-level.ts";

/** `exchange.rollup_level`: which update rollup a node has. */
export const exchangeRollupLevel = defineBuiltin({
  name: "exchange.rollup_level",
  title: "Read which update rollup the node has",
  docs: `Reads the level of the node that is the target, from two witnesses: the patches that Windows Installer has registered, and the
version of the file \`ExSetup.exe\`. \`build\` is the lower of both. Where \`agree\` is false, an installation was left half done.

Only patches in force count; the highest build decides. Without a rollup the level is the base of the service pack. Builds are
compared by their numbers, since a rollup can be released again under its old number.

\`rollups\` lists everything that is registered, interim updates too: they must be removed before a rollup.

Source: domain page, 4.3 and 4.4; 2.8 (interim updates, non-elevated start).`,
  examples: [{
    title: "The level of NodeA",
    yaml: `- id: level_of_a
  uses: exchange.rollup_level
  target: node_a
  expect:
    - that: outputs.agree
      because: Registry and files must name the same build.`,
  }],
  inputs: {},
  outputs: {
    build: { type: "string", format: "version", description: "The lower of both witnesses" },
    registry_build: { type: "string", format: "version", description: "The build that the registry names" },
    file_build: { type: "string", format: "version", description: "The version of ExSetup.exe" },
    agree: { type: "boolean", description: "Both witnesses name the same build" },
    shown_by: { type: "list", items: { type: "string" }, description: "The commands that show both witnesses on the node" },
    display_name: { type: "string", required: false, description: "Name of the rollup in force; absent on the base of the service pack" },
    rollups: {
      type: "list",
      description: "All patches that are registered",
      items: {
        type: "object",
        properties: {
          display_name: { type: "string", description: "Its name, as the registry has it" },
          build: { type: "string", format: "version", required: false, description: "Absent where the name ends in none" },
          state: { type: "string", enum: ["applied", "superseded", "obsolete", "unknown"], description: "What Windows Installer says of it" },
          installed: { type: "string", required: false, description: "Day of the installation, `yyyymmdd`" },
        },
      },
    },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: levelActions,
  look: (_inputs, facts) => lookAtLevel(facts),
  decide(_inputs, facts, past) {
    const seen = levelIn(facts);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const level = seen.value;
    const name = level.rollup?.displayName ?? "no rollup";
    return {
      kind: "done",
      outputs: {
        build: level.lower,
        registry_build: level.build,
        file_build: level.fileBuild,
        agree: level.agree,
        shown_by: level.shownBy,
        ...(level.rollup === undefined ? {} : { display_name: level.rollup.displayName }),
        rollups: level.patches.map(({ displayName, build, state, installed }) => ({
          display_name: displayName, state, ...(build === undefined ? {} : { build }), ...(installed === undefined ? {} : { installed }),
        })),
      },
      because: level.agree ? `the node is at ${level.lower} (${name})` : `the registry says ${level.build} (${name}), ExSetup.exe says ${level.fileBuild}: half installed`,
    };
  },
});

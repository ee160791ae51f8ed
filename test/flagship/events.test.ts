import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { emptyState, fold } from "../../src/interpreter/run/fold.ts";
import { PROJECT } from "../docs/project.ts";
import { freshWorld, runOnWorld } from "../kit/ccr-kit.ts";

const WORLDS = ["examples/worlds", "test/worlds"].flatMap((folder) =>
  readdirSync(join(PROJECT, folder)).filter((name) => name.endsWith(".world.yml")).map((name) => `${folder}/${name}`));

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
addFormats.default(ajv);
const isValid = ajv.compile(JSON.parse(readFileSync(join(PROJECT, "schema/events.schema.json"), "utf8")) as object);

describe("the events of a run", () => {
  test.each(WORLDS)("on %s fit their schema, are numbered without gaps, and add up to the end that they tell", async (name) => {
    const { events, end } = await runOnWorld(await freshWorld(name));
    const misfits = events.filter((event) => !isValid(JSON.parse(JSON.stringify(event))));
    expect(misfits).toEqual([]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted());
    const state = events.reduce(fold, emptyState());
    expect(state.finished?.result).toBe(end.result);
    const open = [...state.steps.values()].filter((step) => step.status === "running" || step.status === "pending");
    expect(end.result === "waiting" ? [] : open.map(({ path }) => path)).toEqual([]);
  });
});

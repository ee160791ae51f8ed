import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { main } from "../../src/cli/main.ts";
import { stage } from "./stage.ts";
import { newState } from "./terminal-kit.ts";

/** The account of the tests. */
export const ME = userInfo().username;

/** A step that asks for an approval. */
export const APPROVE = '{ id: go, uses: human.approve, with: { question: "Go on?" } }';

/** A text that has this in it. */
export const has = (text: string): unknown => expect.stringContaining(text);

/** A folder with a runbook of these steps, and a run of it in a state folder. */
export class AnswerTrial {
  readonly folder = mkdtempSync(join(tmpdir(), "runbook-answer-"));
  readonly state = newState();

  constructor(...steps: readonly string[]) {
    writeFileSync(join(this.folder, "ask.yml"), ["runbook: 1", "name: ask", "title: Questions", "steps:", ...steps.map((step) => `  - ${step}`), ""].join("\n"));
  }

  /** The run's name; empty before there is one. */
  get run(): string {
    return readdirSync(join(this.state, "runs"))[0] ?? "";
  }

  /** Where its answers are left. */
  get inbox(): string {
    return join(this.state, "runs", this.run, "inbox");
  }

  /** Types a command; RUN stands for the run. */
  async typed(...words: readonly string[]): Promise<readonly [number, string]> {
    const on = stage({ workingFolder: this.folder });
    const code = await main([...words.map((word) => (word === "RUN" ? this.run : word)), "--state", this.state], on.surroundings);
    return [code, `${on.out()}${on.err()}`];
  }

  /** Runs it, to where it waits for a person. */
  async waits(): Promise<this> {
    expect((await this.typed("run", "ask.yml", "--yes"))[0]).toBe(5);
    return this;
  }
}

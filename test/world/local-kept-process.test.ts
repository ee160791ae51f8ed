import { existsSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { KeptProcess, LONGEST_ANSWER } from "../../src/world/local-kept-process.ts";
import { UNTETHERED } from "../../src/world/tether.ts";
import { nodeArgs, options, until } from "./real-process.ts";

/** Runs each line that it is fed as text of its own language. */
const OBEYS = "require('readline').createInterface({input:process.stdin}).on('line',(line)=>eval(line))";

async function obeying(): Promise<KeptProcess> {
  const kept = await KeptProcess.start({ kind: "program", program: process.execPath, args: nodeArgs(OBEYS) }, UNTETHERED);
  if (!(kept instanceof KeptProcess)) throw new Error(kept.because);
  onTestFinished(() => kept.end());
  return kept;
}

describe("a program that is kept", () => {
  test("answers one line after another, and its noise is told apart from its answers", async () => {
    const kept = await obeying();
    expect(await kept.ask("console.log('Welcome');console.error('to NODEA');setTimeout(()=>console.log('@1@first'),50)", "@1@", options())).toEqual({ kind: "answered", text: "first", noise: expect.stringContaining("Welcome\n") });
    expect(await kept.ask("console.log('@1@late');console.log('@2@second')", "@2@", options())).toEqual({ kind: "answered", text: "second", noise: "@1@late\n" });
  });

  test("gives an answer of a megabyte whole", async () => {
    const kept = await obeying();
    const reply = await kept.ask("console.log('@1@'+'x'.repeat(1e6)+'end')", "@1@", options());
    expect(reply).toMatchObject({ kind: "answered" });
    expect(reply.kind === "answered" && reply.text.length).toBe(1_000_003);
  });

  test("that says too much is ended", async () => {
    const kept = await obeying();
    expect(await kept.ask(`for(let i=0;i<=${LONGEST_ANSWER};i+=1e6)process.stdout.write('x'.repeat(1e6))`, "@1@", options())).toMatchObject({ kind: "too-long" });
    expect(kept.isAlive).toBe(false);
  });

  test("that ends says with which code, then and later", async () => {
    const kept = await obeying();
    expect(await kept.ask("console.log('bye');process.exit(3)", "@1@", options())).toMatchObject({ kind: "ended", exitCode: 3 });
    expect(kept.isAlive).toBe(false);
    expect(await kept.ask("1", "@1@", options())).toMatchObject({ kind: "ended", exitCode: 3 });
  });

  test("ends with all that it started where the limit passes", async () => {
    const kept = await obeying();
    const { text } = (await kept.ask("const c=require('child_process').spawn('sleep',['600']);console.log('@1@'+c.pid)", "@1@", options())) as { readonly text: string };
    expect(await kept.ask("1", "@2@", options({ limitMs: 200 }))).toMatchObject({ kind: "limit" });
    expect(kept.isAlive).toBe(false);
    await until(() => (existsSync(`/proc/${text}`) ? undefined : true));
  });

  test("ends with the cancellation, before it is asked, too", async () => {
    const kept = await obeying();
    expect(await kept.ask("console.log('@1@')", "@1@", options({ signal: AbortSignal.abort() }))).toMatchObject({ kind: "cancelled" });
    expect(kept.isAlive).toBe(false);
  });

  test("that is not there is not found", async () => {
    expect(await KeptProcess.start({ kind: "program", program: "no-such-program", args: [] }, UNTETHERED)).toMatchObject({ code: "not_found" });
  });
});

import { copyFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "vitest";
import { blocksOf } from "../docs/blocks.ts";
import { expectUpdated, useBench } from "./bench.ts";
import { script, SSH_CONFIG, update } from "./cluster.ts";
import { inLab } from "./setting.ts";
import { typedLike } from "./typed.ts";

const PAGE = "docs/first-real-run.md";
const bench = useBench();

inLab(`${PAGE} is done as it is written, and looks as it says`, async () => {
  // The page says who leads.
  if (bench.roles().primary !== "node1") await script("exec", ["node1", "clgroup", "move", "cms", "node1", "--wait", "90"]);
  const { folder } = bench.operator();
  const blocks = blocksOf(PAGE);
  const inventory = blocks.find(({ text }) => text.startsWith("inventory: 1"));
  writeFileSync(join(folder, "pair.inventory.yml"), inventory?.text ?? "");
  copyFileSync(SSH_CONFIG, join(folder, "ssh.config"));
  copyFileSync(update("2.0_all"), join(folder, basename(update("2.0_all"))));
  const typed = typedLike(folder);
  let commands = 0;
  let printed = "";
  for (const { language, text } of blocks.slice(blocks.findIndex(({ language }) => language === "sh"))) {
    if (language === "sh") {
      const outputs: string[] = [];
      for (const line of text.trim().split("\n")) outputs.push(await typed(line, line.startsWith("npx --no-install runbook run ") && commands < 2 ? 5 : 0));
      commands += outputs.length;
      printed = outputs.join("");
    } else {
      const lines = printed.split("\n").map((line) => line.replaceAll(/\s+/g, " ").trim());
      for (const shown of text.trim().split("\n").map((line) => line.replaceAll(/\s+/g, " ").trim())) expect(lines.some((line) => line.startsWith(shown)), `${shown}\nis not in\n${printed}`).toBe(true);
    }
  }
  expect(commands).toBe(5);
  await expectUpdated({ primary: "node1", standby: "node2" });
});

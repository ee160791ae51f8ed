import type { Style } from "../views/style.ts";
import { valueOf, type Arguments } from "./command.ts";
import type { Output, Surroundings } from "./surroundings.ts";

const WIDEST = 120;

/** How pages are set on an output: as wide as its terminal (at most 120 columns), 80 elsewhere; coloured on a terminal unless `NO_COLOR` or `--color never` says no, and anywhere with `--color always`. */
export function pageStyle(output: Output, env: Surroundings["env"], args: Arguments | undefined): Style {
  const wanted = args === undefined ? undefined : valueOf(args, "color");
  const isPlain = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb" || !output.isTerminal;
  const colour = wanted === "always" || (wanted !== "never" && !isPlain) ? "ansi" : "none";
  return { columns: output.isTerminal ? Math.min(WIDEST, output.columns()) : 80, colour };
}

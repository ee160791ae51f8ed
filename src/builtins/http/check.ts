import { defineBuiltin } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { parseReading, unreadable, withoutReading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { excerpt } from "../../formats/excerpt.ts";

/** Stands between the body and what curl says of the answer: a control character that no text body holds. */
const MARK = "\u001e";

/** `curl` where redirects are not followed any further: the answer is the last one, and whole (`curl(1)`, exit codes). */
const ENOUGH_REDIRECTS = 47;

/** A value in a configuration of curl (`curl(1)`, `--config`): quoted, with the five escapes that it knows. */
function quoted(value: string): string {
  const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return `"${value.replace(/[\\"\n\r\t]/g, (character) => escapes[character] ?? "")}"`;
}

/** `http.check`: what a web address answers. */
export const httpCheck = defineBuiltin({
  name: "http.check",
  title: "See what a web address answers",
  docs: [
    "Gets an address, from the target, or without one from the machine that runs the runbook. That nobody answers, or not the whole, is an answer (`answered: false`, `status: 0`), so it can be waited for, and watched by a probe. Certificates are checked; a redirect is followed only where `redirects` says so.",
    "",
    "Needs `curl` where it acts; Windows 10 and later have it. Address and headers are handed to it on standard input, so that no list of processes shows them.",
  ].join("\n"),
  examples: [{ title: "The site is up", yaml: ["- id: site", "  uses: http.check", "  with: { url: https://www.example.org/health }", "  wait-until: outputs.status == 200", "  every: 5s", "  timeout: 2m"].join("\n") }],
  inputs: {
    url: { type: "string", format: "url", pattern: "^https?://", description: "The address" },
    headers: { type: "map", values: { type: "string" }, required: false, description: "Headers of the request" },
    redirects: { type: "integer", minimum: 0, maximum: 20, default: 0, description: "How many redirects are followed" },
    seconds: { type: "integer", minimum: 1, maximum: 300, default: 10, description: "How long the whole answer may take" },
  },
  outputs: {
    answered: { type: "boolean", description: "A server answered, and the answer came whole" },
    status: { type: "integer", description: "The status of the answer; 0 where none came whole" },
    body: { type: "string", description: "The beginning of the answer, at most 4,096 characters" },
    took_ms: { type: "integer", description: "How long it took" },
    because: { type: "string", description: "What was seen" },
  },
  codes: { bad_header: "a header cannot be sent" },
  place: "optional",
  timeoutMs: 300_000,
  actions: {
    get: {
      effect: "reads", title: "Get the address",
      make: (inputs) => ({
        kind: "program", program: "curl", args: ["--silent", "--show-error", "--config", "-"],
        stdin: [
          `url = ${quoted(inputs.url)}`, `max-time = ${inputs.seconds}`, "location", `max-redirs = ${inputs.redirects}`,
          ...Object.entries(inputs.headers ?? {}).map(([name, value]) => `header = ${quoted(`${name}: ${value}`)}`), `write-out = ${quoted(`${MARK}%{http_code} %{time_total}`)}`, "",
        ].join("\n"),
      }),
    },
  },
  look: () => ({ answer: { action: "get" } }),
  decide(inputs, facts, past) {
    const bad = Object.entries(inputs.headers ?? {}).find(([name, value]) => !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name) || /[\r\n\0]/.test(value));
    if (bad !== undefined) return giveUp(past, "bad_header", `the header \`${bad[0]}\` cannot be sent: its name or its value holds characters that no header may hold`);
    const seen = parseReading(facts, "answer", "program", ok);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { exitCode, stdout, stderr } = seen.value;
    const at = stdout.lastIndexOf(MARK);
    const told = /^(\d{3}) ([\d.,]+)/.exec(stdout.slice(at + 1));
    if (at === -1 || told === null) return withoutReading(past, unreadable("the answer of `curl`", excerpt(stderr === "" ? stdout : stderr)).error);
    const isWhole = exitCode === 0 || exitCode === ENOUGH_REDIRECTS;
    const begun = Number(told[1]);
    const status = isWhole ? begun : 0;
    const because = status !== 0 ? `${inputs.url} answers ${status}` : `${inputs.url}${begun === 0 ? "" : ` begins to answer ${begun}, and the answer does not come whole`}: ${excerpt(stderr)}`;
    return { kind: "done", outputs: { answered: status !== 0, status, body: stdout.slice(0, at).slice(0, 4_096), took_ms: Math.round(Number((told[2] ?? "0").replace(",", ".")) * 1000), because }, because };
  },
});

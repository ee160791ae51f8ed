import { defineBuiltin, type Facts } from "../../core/builtin.ts";
import { allRead, parseReading, unreadable, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { isChecked, READ_SETTINGS, SETTINGS, SETTINGS_LOOK, settingsIn } from "./shared/revocation.ts";

/** The revocation list that Exchange's own files are checked against (domain page, 2.8). */
const LIST = "http://crl.microsoft.com/pki/crl/products/CSPCA.crl";
/** How long to wait for it. A check of a certificate waits about as long, and setup makes very many. */
const LIMIT_MS = 15_000;

/** Fetches the list and keeps nothing of it. Newer .NET has forgotten the status of an answer that is closed. Windows PowerShell 1.0 has no `try`: what fails inside the block comes to the `trap`. */
const FETCH = [
  "param($url, $timeoutMs)",
  "trap { 'failed: ' + $_.Exception.GetBaseException().Message; continue }",
  "& {",
  "  $request = [Net.WebRequest]::Create($url)",
  "  $request.Timeout = [int]$timeoutMs",
  "  $response = $request.GetResponse()",
  "  $status = [int]$response.StatusCode",
  "  $response.Close()",
  "  'status: ' + $status",
  "}",
].join("\n");

/** The reading `list`: `status: 200`, or why it did not come. */
function answerIn(facts: Facts): Reading<{ readonly reachable: boolean; readonly answer: string }> {
  return parseReading(facts, "list", "script", ({ exitCode, stdout, stderr }) => {
    const line = stdout.split(/\r?\n/).find((text) => /^(?:status|failed): /.test(text));
    if (line === undefined) return unreadable("whether revocation lists can be fetched", `PowerShell ended with ${exitCode}: ${excerpt(stderr === "" ? stdout : stderr)}`);
    return ok({ reachable: /^status: 2\d\d\s*$/.test(line), answer: excerpt(line.replace(/^failed: /, "")) });
  });
}

/** `windows.revocation_check`: are certificates checked for revocation, and can the lists be fetched? */
export const windowsRevocationCheck = defineBuiltin({
  name: "windows.revocation_check",
  title: "Read whether certificates can be checked for revocation",
  docs: [
    "The files of Exchange are signed. When native images are made and services start, Windows wants the revocation list of that signature from `crl.microsoft.com`. Without access to it every file waits for a timeout: setup takes 40 to 60 minutes in place of 10 to 25, and services may not start within their 30 seconds.",
    "",
    `\`reachable\` is seen by fetching that list (\`${LIST}\`) on the target, through .NET and with the account's proxy. Nothing is kept. \`certutil -url\` is a window, and \`certutil -urlcache -f\` writes into the cache of certificates, so neither is used. LocalSystem can have another proxy than the account: then look at it there, too (\`proxycfg\` on Server 2003, \`netsh winhttp show proxy\` on 2008).`,
    "",
    "`settings` tell whether revocation is checked at all. With `remember: true` the outputs are a memory that `windows.set_revocation_check` takes and gives back.",
    "",
    "Source: domain page, 2.8 (B14, B38, K11); F18, F23.",
  ].join("\n"),
  examples: [
    {
      title: "Remember the setting, and tell where setup will be slow",
      yaml: [
        "- id: revocation",
        "  uses: windows.revocation_check",
        "  target: node_b",
        "  remember: true",
        "  expect:",
        "    - that: outputs.reachable || !outputs.checked",
        '      because: "Setup will be slow: {{outputs.answer}}."',
        "  on-failure: note",
      ].join("\n"),
    },
  ],
  inputs: {},
  outputs: {
    reachable: { type: "boolean", description: "The revocation list came" },
    answer: { type: "string", description: "The answer of the web server, or why there was none" },
    checked: { type: "boolean", description: "The account or LocalSystem checks for revocation" },
    settings: SETTINGS,
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: {
    ...READ_SETTINGS,
    fetch: { effect: "reads", title: "Fetch a revocation list of Microsoft", make: () => ({ kind: "script", script: FETCH, parameters: { url: LIST, timeoutMs: LIMIT_MS } }) },
  },
  look: () => ({ ...SETTINGS_LOOK, list: { action: "fetch" } }),
  decide(_inputs, facts, past) {
    const seen = allRead({ settings: settingsIn(facts), list: answerIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { settings, list } = seen.value;
    const checked = settings.some(isChecked);
    return {
      kind: "done",
      outputs: { ...list, checked, settings },
      because: `${list.reachable ? "revocation lists can be fetched" : `revocation lists cannot be fetched (${list.answer})`}, and revocation is ${checked ? "" : "not "}checked`,
    };
  },
});

import { defineBuiltin } from "../../core/builtin.ts";
import { allRead, withoutReading } from "../../core/reading.ts";
import { dpkgQuery, isInterrupted, PACKAGE_NAME } from "../../formats/dpkg.ts";
import { auditIn, locksIn, packagesIn, packageText, READ_STATE, restartIn, STATE_LOOK } from "./shared/readings.ts";

/** `apt.packages`: what is installed, and whether something may be. */
export const aptPackages = defineBuiltin({
  name: "apt.packages",
  title: "Read packages of Debian and its kin",
  docs: [
    "Versions of the named packages, and what stands against an installation: a package that is held, an earlier installation that was interrupted (`interrupted` names what dpkg left half-way, of all packages), somebody who installs something now (`locked_by`), a restart that the system still wants (`restart_required`).",
    "",
    "A package that is not installed is an answer, not a failure. `ready` is true where nothing of the above stands against an installation, a pending restart apart.",
  ].join("\n"),
  examples: [{
    title: "Before an update",
    yaml: ["- id: packages", "  uses: apt.packages", "  target: node_b", "  with: { names: [nginx] }", "  expect:", "    - that: outputs.ready", "      because: Nothing may be half installed, held or under way before the update."].join("\n"),
  }],
  inputs: { names: { type: "list", items: { type: "string", pattern: PACKAGE_NAME }, description: "Names of packages; with `:arm64` of another architecture" } },
  outputs: {
    packages: {
      type: "list", description: "The packages, in the order of `names`",
      items: {
        type: "object",
        properties: {
          name: { type: "string" },
          version: { type: "string", format: "version", description: "Empty where it is not installed" },
          status: { type: "string", description: "dpkg's word: `installed`, `half-configured`, `not-installed` …" },
          held: { type: "boolean", description: "Somebody does not want its version changed" },
        },
      },
    },
    interrupted: { type: "list", items: { type: "string" }, description: "Packages that dpkg left half-way; `dpkg --configure -a` goes on with them" },
    locked_by: { type: "list", items: { type: "string" }, description: "Who installs something now, or fetches lists" },
    restart_required: { type: "boolean", description: "The system wants a restart" },
    ready: { type: "boolean", description: "Nothing is held, interrupted or locked" },
  },
  codes: {},
  place: "optional",
  timeoutMs: 120_000,
  actions: { read_packages: { effect: "reads", title: "Read the packages", make: (inputs) => dpkgQuery(inputs.names) }, ...READ_STATE },
  look: () => ({ packages: { action: "read_packages" }, ...STATE_LOOK }),
  decide(inputs, facts, past) {
    const seen = allRead({ packages: packagesIn(facts, inputs.names), interrupted: auditIn(facts), locked_by: locksIn(facts), restart_required: restartIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { packages, interrupted, locked_by, restart_required } = seen.value;
    const ready = interrupted.length === 0 && locked_by.length === 0 && !packages.some((found) => found.held || isInterrupted(found));
    const because = [
      ...packages.map(packageText), ...(interrupted.length === 0 ? [] : [`dpkg was interrupted in ${interrupted.join(", ")} (\`dpkg --audit\`)`]),
      ...(locked_by.length === 0 ? [] : [`the package system is locked by ${locked_by.join(", ")} (\`lslocks\`)`]), ...(restart_required ? ["the system wants a restart"] : []),
    ].join("; ");
    return { kind: "done", outputs: { packages, interrupted, locked_by, restart_required, ready }, because };
  },
});

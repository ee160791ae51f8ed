import { defineBuiltin, type Facts } from "../../core/builtin.ts";
import { allRead, parseReading, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { parseRegistryQuery, registryValue } from "../../formats/registry-query.ts";
import { hostIn, readHost } from "./shared/host-name.ts";

/** The value that names the generating node (domain page, 2.8, G20c). That it is a text is from memory. */
const VALUE = "EnableOabGenOnThisNode";

function keyOf(identity: string): string {
  return `HKLM\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeSA\\Parameters\\${identity}`;
}

/** The reading `named`: the node that the registry names, upper case; undefined where it names none. */
function namedIn(facts: Facts, identity: string): Reading<string | undefined> {
  return parseReading(facts, "named", "program", (answer) => {
    const keys = parseRegistryQuery(`\`${keyOf(identity)}\``, answer);
    if (keys.kind === "error") return keys;
    const text = keys.value[0]?.values.get(VALUE.toLowerCase())?.trim().toUpperCase();
    return ok(text === "" ? undefined : text);
  });
}

/** `exchange.offline_address_book`: which node generates the offline address book. */
export const exchangeOfflineAddressBook = defineBuiltin({
  name: "exchange.offline_address_book",
  title: "Read which node generates the offline address book",
  docs: `In a CCR environment the registry of each node names the node that generates the offline address book of the mailbox server
(\`${VALUE}\`). It does not follow the mailbox server: where the server stays on the other node, no new offline address book is made,
until the value is changed or the server is moved back.

\`generating_node\` is absent where this node names none: then another server makes the offline address book. The node that
owns the mailbox server is the one to ask; a change must be made on both.

Source: domain page, 2.8 "OAB generation"; R13, R31, F39.`,
  examples: [{
    title: "Generated where the server is",
    yaml: `- id: address_book
  uses: exchange.offline_address_book
  target: node_b
  with: { identity: "{{inputs.cms}}" }
  expect:
    - that: "!has(outputs.generating_node) || outputs.generating_node == inputs.node_b"
      because: The offline address book is generated on {{outputs.generating_node}}, where the server is not.
  on-failure: note`,
  }],
  inputs: { identity: { type: "string", description: "Name of the clustered mailbox server" } },
  outputs: {
    node: { type: "string", format: "netbios_name", description: "The node whose registry was read" },
    generating_node: { type: "string", format: "netbios_name", required: false, description: "The node that it names; absent where it names none" },
    key: { type: "string", description: "The key of the registry that holds the value" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: {
    read_host: readHost,
    read_named: { effect: "reads", title: "Read which node generates the offline address book", make: ({ identity }) => registryValue(keyOf(identity), VALUE) },
  },
  look: () => ({ host: { action: "read_host" }, named: { action: "read_named" } }),
  decide(inputs, facts, past) {
    const seen = allRead({ host: hostIn(facts), named: namedIn(facts, inputs.identity) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { host, named } = seen.value;
    return {
      kind: "done",
      outputs: { node: host, ...(named === undefined ? {} : { generating_node: named }), key: keyOf(inputs.identity) },
      because: named === undefined ? `${host} names no node that generates the offline address book` : `${host} names ${named} as the node that generates the offline address book`,
    };
  },
});

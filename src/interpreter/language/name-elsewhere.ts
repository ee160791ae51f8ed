/** Roots that are in reach in some places only. */
const SOMEWHERE: Readonly<Record<string, string>> = {
  failure: "`failure` is in reach in `rescue` and `always`",
  outputs: "`outputs` is in reach in `expect`, `wait-until` and `up`; elsewhere write `steps.ID.outputs.NAME`",
  probes: "`probes` is in reach in invariants",
  item: "`item` is in reach inside of `for-each`, where `as` gives it no other name",
};

/** What to say of a name that is a root elsewhere; undefined of every other name. */
export function elsewhere(name: string): string | undefined {
  return Object.hasOwn(SOMEWHERE, name) ? SOMEWHERE[name] : undefined;
}

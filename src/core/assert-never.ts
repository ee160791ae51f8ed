/** The end of every switch on a tag: the compiler lists the places to go when a variant is added; at run time it is our own mistake. */
export function assertNever(value: never): never {
  throw new Error(`unexpected variant: ${JSON.stringify(value)}`);
}

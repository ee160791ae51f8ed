/** What a phase gives: a value, or the reasons why there is none. */
export type Result<T, E> = { readonly kind: "ok"; readonly value: T } | { readonly kind: "error"; readonly error: E };

/** A result that holds. */
export function ok<T>(value: T): { readonly kind: "ok"; readonly value: T } {
  return { kind: "ok", value };
}

/** A result that does not hold. */
export function error<E>(reason: E): { readonly kind: "error"; readonly error: E } {
  return { kind: "error", error: reason };
}

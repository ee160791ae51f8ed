/** What stands for a secret wherever it is told. */
export const MASK = "***";

/** A secret has at least so many characters. A shorter text stands in so many others that to mask it everywhere would hide the page, and to mask it nowhere would show it. */
export const SHORTEST_SECRET = 4;

/**
 * Where a secret is asked for (language.md section 3): never the secret itself.
 *
 * ```yaml
 * from: { env: DB_PASSWORD }
 * from: { file: /run/secrets/db }
 * from: { command: [pass, show, db] }
 * ```
 */
export type SecretSource =
  | { readonly kind: "env"; readonly name: string }
  /** Absolute. */
  | { readonly kind: "file"; readonly path: string }
  /** The program and its arguments, and the folder, absolute, that it is run in. */
  | { readonly kind: "command"; readonly command: readonly string[]; readonly folder: string }
  /** A person at the terminal. */
  | { readonly kind: "prompt" };

/** A source for people: `environment variable DB_PASSWORD`. */
export function sourceText(source: SecretSource): string {
  switch (source.kind) {
    case "env":
      return `environment variable ${source.name}`;
    case "file":
      return `file ${source.path}`;
    case "command":
      return `command ${source.command.join(" ")}`;
    case "prompt":
      return "the terminal";
  }
}

/** Stands in a scope for a value that held a secret and was not kept: whoever reads it is told so. As JSON it is the mask. */
export class Masked {
  /** Follows the name of what was read. */
  readonly because = "held a secret, which the journal does not keep: after a resume it cannot be read. Put the step that reads it beside the one that gives it, or read the secret anew";

  toJSON(): string {
    return MASK;
  }
}

/** True if a value, at any depth, was masked. */
export function holdsMasked(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Masked || Object.values(value).some(holdsMasked);
}

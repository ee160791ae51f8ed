import type { Failure } from "./failure.ts";
import type { Result } from "./result.ts";

/** The architecture that a patch names for the machines it fits. */
export type PatchArchitecture = "x64" | "x86" | "ia64";

/**
 * What the digital signature of a patch comes to. `covers-content`: the digest that was signed is that of the content, and the
 * certificate in the signature made it. Whether that certificate is to be trusted is not judged here: it takes the machine's roots.
 */
export type PatchSignature =
  | { readonly kind: "none" }
  | { readonly kind: "does-not-cover"; readonly because: string }
  | {
      readonly kind: "covers-content";
      /** The common name in the signer's certificate; "" where it has none. */
      readonly signer: string;
      /** SHA-1 of the signer's certificate, 40 hexadecimal digits in upper case, as Windows shows it. */
      readonly thumbprint: string;
      /** When it was signed, as the timestamp in the signature says, RFC 3339; absent without one. */
      readonly signedAt: string | undefined;
    };

/** What a Windows Installer patch says of itself. Codes are in braces and upper case; lists hold each thing once; a text is at most 500 characters long. */
export interface Patch {
  readonly patchCode: string;
  /** Codes of the patches that it replaces. */
  readonly replaces: readonly string[];
  /** The products that it is for. */
  readonly productCodes: readonly string[];
  /** The versions of the installed product that it fits, ascending; empty where no transform names one. */
  readonly baseVersions: readonly string[];
  /** Empty where no transform names one. */
  readonly architectures: readonly PatchArchitecture[];
  /** Subject of the summary: the product that it is for, in words; "" where it has none. */
  readonly subject: string;
  /** The name under which Windows lists it once it is installed. */
  readonly displayName: string | undefined;
  /** Number of the Knowledge Base article, as the names say it. */
  readonly kb: string | undefined;
  /** The version that it brings, as its place in the sequence of patches says it. */
  readonly build: string | undefined;
  /** The oldest Windows Installer that can apply it, such as 3.0; absent where the number is not known. */
  readonly minimumInstaller: string | undefined;
  readonly signature: PatchSignature;
}

/** A file read as a patch, or why it is none. */
export type PatchReading = Result<Patch, Failure>;

import type { PatchArchitecture } from "../core/patch.ts";
import { compareVersions } from "../core/version.ts";
import type { CompoundStorage } from "./compound-file.ts";
import { transformSummary } from "./msp-summary.ts";

/** What the transforms of a patch say together. */
export interface PatchTransforms {
  /** The versions that they lead from, ascending, each once. */
  readonly baseVersions: readonly string[];
  /** In the order in which they are named, each once. */
  readonly architectures: readonly PatchArchitecture[];
}

const FROM_VERSION = /^\{[0-9A-Fa-f-]{36}\}(\d{1,9}(?:\.\d{1,9}){1,3})(?:;|$)/;
/** Platforms in the template of a transform: Windows Installer's words (domain page, 4.8; the words are from memory). */
const PLATFORMS: Readonly<Record<string, PatchArchitecture>> = { x64: "x64", amd64: "x64", intel: "x86", intel64: "ia64" };

/**
 * Reads the summaries of a patch's transforms: the versions of the product that it fits, and the platforms. The product code does not tell
 * the service pack, the base version does (domain page, 4.8). A transform that is missing or says neither adds nothing.
 */
export function readTransforms(patch: CompoundStorage, names: readonly string[]): PatchTransforms {
  const versions = new Set<string>();
  const architectures = new Set<PatchArchitecture>();
  for (const name of names) {
    const summary = transformSummary(patch, name);
    const version = FROM_VERSION.exec(summary?.revision ?? "")?.[1];
    if (version !== undefined) versions.add(version.split(".").map(Number).join("."));
    for (const platform of (summary?.template.split(";")[0] ?? "").split(",")) {
      const known = Object.hasOwn(PLATFORMS, platform.toLowerCase()) ? PLATFORMS[platform.toLowerCase()] : undefined;
      if (known !== undefined) architectures.add(known);
    }
  }
  return { baseVersions: [...versions].toSorted(compareVersions), architectures: [...architectures] };
}

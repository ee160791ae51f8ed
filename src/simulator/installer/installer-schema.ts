import type { ValuesOf } from "../../core/schema.ts";

/** What a node of the world file may say of its Windows Installer; everything has a default. */
export const INSTALLER_PROPERTIES = {
  installer: {
    type: "object", required: false, description: "Its Windows Installer; default: one that takes every patch",
    properties: {
      version: { type: "string", format: "version", required: false, description: "Default 4.5; below 3.0 it takes no patch of today (exit code 1637)" },
      policy: { type: "string", enum: ["no_packages", "no_patches", "no_transforms"], required: false, description: "What Group Policy forbids it (1625, 1643, 1644); default: nothing" },
      remote: { type: "string", enum: ["disallowed", "prohibited"], required: false, description: "It takes nothing from a remote session (1640, 1645); default: it does" },
      cache: { type: "string", enum: ["missing"], required: false, description: "Its cached package of Exchange is gone (1612); default: it is there" },
      safe_mode: { type: "boolean", required: false, description: "Windows runs in safe mode until the next restart (1652); default false" },
    },
  },
} as const;

/** A part of a node of the world file: its Windows Installer. */
export type InstallerFile = ValuesOf<typeof INSTALLER_PROPERTIES>;

/** A service of a product that watches files or mail. */
export interface ProtectionService {
  /** Short names, in lower case. */
  readonly names: readonly string[];
  readonly product: string;
  readonly kind: "forefront" | "antivirus";
}

/** Known products by their services. `FSCController` is in the domain page, 2.8 (T15); every other name is from memory. */
export const PROTECTION_SERVICES: readonly ProtectionService[] = [
  { names: ["fsccontroller", "fscmonitor", "fscstatisticsservice", "fseimc", "fsemailpickup", "fsemonitor"], product: "Forefront for Exchange", kind: "forefront" },
  { names: ["fcsam", "fcssas", "msmpsvc"], product: "Forefront Client Security", kind: "antivirus" },
  { names: ["symantec antivirus", "rtvscan", "savroam", "smsmse"], product: "Symantec", kind: "antivirus" },
  { names: ["mcshield", "mctaskmanager", "msmeservice"], product: "McAfee", kind: "antivirus" },
  { names: ["ntrtscan", "tmlisten", "scanmail_master", "scanmail_realtimescan"], product: "Trend Micro", kind: "antivirus" },
  { names: ["savservice", "savadminservice"], product: "Sophos", kind: "antivirus" },
  { names: ["avp", "kavfs", "kavfsgt"], product: "Kaspersky", kind: "antivirus" },
  { names: ["ekrn"], product: "ESET", kind: "antivirus" },
  { names: ["fsma", "f-secure gatekeeper handler starter"], product: "F-Secure", kind: "antivirus" },
  { names: ["amserver", "etrtsvc", "inorpc", "inort"], product: "CA eTrust", kind: "antivirus" },
];

/** The product that a service belongs to; one that is not known is told by its display name, where that speaks of viruses. */
export function productOf(name: string, displayName: string): Omit<ProtectionService, "names"> | undefined {
  const known = PROTECTION_SERVICES.find(({ names }) => names.includes(name.toLowerCase()));
  if (known !== undefined) return { product: known.product, kind: known.kind };
  return /virus|malware/i.test(displayName) ? { product: displayName, kind: "antivirus" } : undefined;
}

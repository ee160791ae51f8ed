/** A patch that `make-packages.ts` makes: a small stand-in of an update rollup, with all that a reader looks at. */
export interface MadePackage {
  /** Where it lies in the repository. */
  readonly path: string;
  readonly kb: string;
  /** What its title says: `Update Rollup 1 for Exchange Server 2007 Service Pack 1`. */
  readonly title: string;
  readonly product: string;
  /** The base of the service pack that it fits, and the build that it brings (domain page, 4.3). */
  readonly base: string;
  readonly build: string;
  readonly architecture: "x64" | "x86";
  /** `with-names`: the signature covers names, sizes and times of the parts, too. A changed one is changed after it was signed. */
  readonly signed: "no" | "content" | "with-names" | "changed";
}

const EXCHANGE_2007 = "{24B2C164-DE66-44FE-B468-A46D9D5E6B31}";
const SP1 = { kb: "945684", title: "Update Rollup 1 for Exchange Server 2007 Service Pack 1", product: EXCHANGE_2007, base: "8.1.240.6", build: "8.1.263.1", architecture: "x64" } as const;
const SP2 = { kb: "971534", title: "Update Rollup 1 for Exchange Server 2007 Service Pack 2", product: EXCHANGE_2007, base: "8.2.176.2", build: "8.2.217.3", architecture: "x64" } as const;
const RTM = { kb: "953469", title: "Update Rollup 7 for Exchange Server 2007", product: EXCHANGE_2007, base: "8.0.685.25", build: "8.0.813.0", architecture: "x64" } as const;
const SP3 = { kb: "2608656", title: "Update Rollup 6 for Exchange Server 2007 Service Pack 3", product: EXCHANGE_2007, base: "8.3.83.6", build: "8.3.245.2", architecture: "x64" } as const;
const FOLDER = "test/formats/packages";

/** Common name of the certificate that signs them. Its key is made for one run of the script, and kept nowhere. */
export const PUBLISHER = "Example Publisher";
/** When they were signed, as their timestamps say. */
export const SIGNED_AT = "2008-02-28T12:00:00.000Z";

/** Every package, in the order in which they are made. */
export const PACKAGES: readonly MadePackage[] = [
  { ...SP1, path: "examples/packages/Exchange2007-KB945684-x64-EN.msp", signed: "content" },
  { ...SP1, path: `${FOLDER}/Exchange2007-KB945684-x86-EN.msp`, architecture: "x86", signed: "no" },
  { ...SP2, path: `${FOLDER}/Exchange2007-KB971534-x64-EN.msp`, signed: "content" },
  { ...RTM, path: `${FOLDER}/Exchange2007-KB953469-x64-EN.msp`, signed: "content" },
  { ...SP3, path: `${FOLDER}/Exchange2007-KB2608656-x64-EN.msp`, signed: "content" },
  // Under the name of the rollup for service pack 1 lies the one for service pack 2.
  { ...SP2, path: `${FOLDER}/wrong-line/Exchange2007-KB945684-x64-EN.msp`, signed: "content" },
  { ...SP1, path: `${FOLDER}/unsigned.msp`, signed: "no" },
  { ...SP1, path: `${FOLDER}/signed-with-names.msp`, signed: "with-names" },
  { ...SP1, path: `${FOLDER}/changed-after-signing.msp`, signed: "changed" },
  { ...SP1, path: `${FOLDER}/other-product.msp`, product: "{11111111-1111-1111-1111-111111111119}", title: "Update of another product", signed: "no" },
];

/** What is no patch, with what it is instead. */
export const NO_PATCHES = {
  truncated: `${FOLDER}/truncated.msp`,
  installer: `${FOLDER}/installer.msi`,
  text: `${FOLDER}/plain-text.msp`,
} as const;

import { digestOfParts, signatureHolds, type DigestAlgorithm } from "../core/digest.ts";
import { error, ok, type Result } from "../core/result.ts";
import { contentOf, encodingOf, identifierOf, isTagged, octetsOf, parseAsn1, partsOf, textOf, timeOf, type Asn1 } from "./asn1.ts";

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const SPC_INDIRECT_DATA = "1.3.6.1.4.1.311.2.1.4";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";
const COUNTER_SIGNATURE = "1.2.840.113549.1.9.6";
const TIMESTAMP_TOKEN = "1.3.6.1.4.1.311.3.3.1";
const COMMON_NAME = "2.5.4.3";
const DIGESTS: Readonly<Record<string, DigestAlgorithm>> = { "1.3.14.3.2.26": "sha1", "2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512" };

/** An Authenticode signature that the certificate in it made: what it says that the content is, and who says so. */
export interface Authenticode {
  readonly algorithm: DigestAlgorithm;
  /** The digest of the content that was signed, lower-case hexadecimal. */
  readonly digest: string;
  readonly signer: string;
  readonly thumbprint: string;
  readonly signedAt: string | undefined;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The signed data of a PKCS#7 message: [version, digests, content, …, signers]. */
function signedDataOf(message: Asn1 | undefined): readonly Asn1[] {
  const [type, tagged] = partsOf(message);
  return identifierOf(type) === SIGNED_DATA ? partsOf(partsOf(tagged)[0]) : [];
}

/** The first value of an attribute in a set of attributes. */
function attribute(attributes: Asn1 | undefined, name: string): Asn1 | undefined {
  const found = partsOf(attributes).find((one) => identifierOf(partsOf(one)[0]) === name);
  return partsOf(partsOf(found)[1])[0];
}

/** A signer: [version, issuer and number, digest, [0] signed attributes?, algorithm, signature, [1] other attributes?]. */
interface Signer {
  readonly certificate: Asn1 | undefined;
  readonly algorithm: DigestAlgorithm | undefined;
  readonly attributes: Asn1 | undefined;
  readonly signature: Uint8Array;
  readonly others: Asn1 | undefined;
}

function signerOf(signed: readonly Asn1[]): Signer | undefined {
  const [info] = partsOf(signed.at(-1));
  const [, issuerAndNumber, digest, ...rest] = partsOf(info);
  if (issuerAndNumber === undefined) return undefined;
  const [issuer, number] = partsOf(issuerAndNumber).map((part) => hexOf(encodingOf(part)));
  const certificates = partsOf(signed.find((part, index) => index > 2 && isTagged(part, 0)));
  return {
    certificate: certificates.find((one) => {
      const fields = fieldsOf(one);
      return hexOf(encodingOf(fields[0])) === number && hexOf(encodingOf(fields[2])) === issuer;
    }),
    algorithm: DIGESTS[identifierOf(partsOf(digest)[0])],
    attributes: rest.find((part) => isTagged(part, 0)),
    signature: octetsOf(rest.find((part) => octetsOf(part).length > 0)),
    others: rest.find((part) => isTagged(part, 1)),
  };
}

/** The fields of a certificate from its number on: [number, algorithm, issuer, validity, subject, key, …]. */
function fieldsOf(certificate: Asn1 | undefined): readonly Asn1[] {
  const fields = partsOf(partsOf(certificate)[0]);
  return isTagged(fields[0], 0) ? fields.slice(1) : fields;
}

function commonName(name: Asn1 | undefined): string {
  const pairs = partsOf(name).flatMap(partsOf).map(partsOf);
  return textOf(pairs.find(([type]) => identifierOf(type) === COMMON_NAME)?.[1]);
}

/** True if the signer's certificate made the signature, over attributes that hold the digest of the content. */
function isMadeBy({ algorithm, attributes, certificate, signature }: Signer, content: Uint8Array): boolean {
  if (algorithm === undefined || attributes === undefined || identifierOf(attribute(attributes, CONTENT_TYPE)) !== SPC_INDIRECT_DATA) return false;
  if (hexOf(octetsOf(attribute(attributes, MESSAGE_DIGEST))) !== digestOfParts(algorithm, [content])) return false;
  // What was signed is the set itself, not the set tagged for its place.
  const signed = Uint8Array.from(encodingOf(attributes));
  signed[0] = 0x31;
  return signatureHolds({ algorithm, key: encodingOf(fieldsOf(certificate)[5]), signed, signature });
}

/** When it was signed, as the timestamp says; undefined without one. Whether the timestamp is to be trusted is not judged. */
function timestampIn(others: Asn1 | undefined): string | undefined {
  const [, , token] = signedDataOf(attribute(others, TIMESTAMP_TOKEN));
  const stamped = partsOf(parseAsn1(octetsOf(partsOf(partsOf(token)[1])[0])));
  const countersigner = partsOf(attribute(others, COUNTER_SIGNATURE)).find((part) => isTagged(part, 0));
  return timeOf(stamped[4]) ?? timeOf(attribute(countersigner, SIGNING_TIME));
}

/**
 * Reads an Authenticode signature (PKCS#7 with a digest of the content, SpcIndirectDataContent) and checks that the certificate in it made it. The reason
 * why it says nothing is the end of a sentence. Whether the certificate is to be trusted is not judged: it takes the roots of a machine.
 */
export function readAuthenticode(bytes: Uint8Array): Result<Authenticode, string> {
  const signed = signedDataOf(parseAsn1(bytes));
  const [type, tagged] = partsOf(signed[2]);
  const [content] = partsOf(tagged);
  const [digestType, digest] = partsOf(partsOf(content)[1]);
  const algorithm = DIGESTS[identifierOf(partsOf(digestType)[0])];
  if (identifierOf(type) !== SPC_INDIRECT_DATA || content === undefined) return error("it is no signature of a file");
  if (algorithm === undefined) return error("its digest is of a kind that is not known here");
  const signer = signerOf(signed);
  if (signer?.certificate === undefined) return error("the certificate of its signer is not in it");
  if (!isMadeBy(signer, contentOf(content))) return error("the certificate in it did not make it");
  return ok({
    algorithm,
    digest: hexOf(octetsOf(digest)),
    signer: commonName(fieldsOf(signer.certificate)[4]),
    thumbprint: digestOfParts("sha1", [encodingOf(signer.certificate)]).toUpperCase(),
    signedAt: timestampIn(signer.others),
  });
}

import { isProof, isThere, ROWS, type Row } from "../test/kit/traceability.ts";

/**
 * Counts the rows of docs/ccr-rollup.md: how many of Microsoft's sentences (R), of the gaps in them (G) and of the known failures (F)
 * have a place in the procedure and a test that is there. Prints each row that lacks one. `npm run traceability`; exit code 1 if there is one.
 */
const isTraced = ({ id, places, proofs }: Row): boolean => (id.startsWith("F") || places.length > 0) && places.every(isThere) && proofs.length > 0 && proofs.every(isProof);
const lacking = ROWS.filter((row) => !isTraced(row));
for (const { id } of lacking) process.stdout.write(`${id} has no place, or names a place or a test that is not there\n`);
const counts = ["R", "G", "F"].map((letter) => {
  const rows = ROWS.filter(({ id }) => id.startsWith(letter));
  return `${rows.filter(isTraced).length} of ${rows.length} ${letter}`;
});
const proofs = new Set(ROWS.flatMap((row) => row.proofs.map(({ file, name }) => `${file} ${name}`)));
process.stdout.write(`traceability: ${counts.join(", ")}; ${(((ROWS.length - lacking.length) / ROWS.length) * 100).toFixed(1)} % of ${ROWS.length} rows, in ${proofs.size} tests\n`);
process.exitCode = lacking.length === 0 ? 0 : 1;

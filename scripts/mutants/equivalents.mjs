/**
 * Mutants that a person judged to have no effect: `tests/mutants/equivalent.json`, each with its reason. A record
 * identifies the line by its text, so that it stays valid when lines move, and becomes invalid when the line changes.
 */
const fields = ['file', 'text', 'original', 'replacement'];

/** Returns the record of a mutant; `undefined` if there is none. */
export function recordOf(mutant, records) {
  return records.find((record) => fields.every((field) => record[field] === mutant[field]));
}

/** Returns the records of mutated files that match no mutant, because the code has changed. */
export function staleRecords(records, mutants, mutatedFile) {
  return records.filter(
    (record) =>
      mutatedFile(record.file) && !mutants.some((mutant) => fields.every((field) => record[field] === mutant[field])),
  );
}

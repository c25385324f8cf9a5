/**
 * Mutants that a person judged to change nothing: `tests/mutants/equivalent.json`, each with its reason. A record names the line by its
 * text, so that it holds where lines move and is void where the line changes.
 */
const fields = ['file', 'text', 'original', 'replacement'];

/** @returns the record of the mutant, or undefined */
export function recordOf(mutant, records) {
  return records.find((record) => fields.every((field) => record[field] === mutant[field]));
}

/** @returns the records of files among `files` that match none of their mutants, because the code has changed */
export function staleRecords(records, mutants, mutatedFile) {
  return records.filter(
    (record) =>
      mutatedFile(record.file) && !mutants.some((mutant) => fields.every((field) => record[field] === mutant[field])),
  );
}

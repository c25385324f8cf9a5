export function readRecords(folder: string, checks: readonly string[]): Map<string, string[]>;

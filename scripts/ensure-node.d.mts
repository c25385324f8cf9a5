export const nodeVersions: readonly string[];
export function ensureNode(major: string, say: (line: string) => void): Promise<string>;

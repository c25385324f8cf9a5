export function buildLegacy(options?: { whole?: boolean }): Promise<string>;

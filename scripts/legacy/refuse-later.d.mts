export function refuseLater(code: string): void;

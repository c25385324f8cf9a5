export class InstallError extends Error {}
export function complaint(output: string): string;

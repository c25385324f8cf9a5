export const checkoutLock: string;
export function withLock<T>(folder: string, say: (line: string) => void, work: () => T | Promise<T>): Promise<T>;
export function keepLockFor(pid: number): void;

import { vi } from 'vitest';

/** Makes storage throw, as in a browser that forbids it, until `vi.unstubAllGlobals`. */
export function forbidStorage(): void {
  const refuse = () => {
    throw new DOMException('', 'SecurityError');
  };
  const storage = { getItem: refuse, setItem: refuse, removeItem: refuse };
  vi.stubGlobal('localStorage', storage);
  vi.stubGlobal('sessionStorage', storage);
}

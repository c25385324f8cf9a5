import type { NetworkMemory } from '../network-memory.js';

/** Nothing is kept of a network: what an old browser can do at all is soon tried. */
export function createNetworkMemory(): NetworkMemory {
  return { recall: () => undefined, note: () => undefined };
}

export function networkHint(): string {
  return '';
}

export function pageStorage(): undefined {
  return undefined;
}

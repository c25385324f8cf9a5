import { afterEach, describe, expect, it, vi } from 'vitest';
import { REMEMBERED_MS } from './limits.js';
import { createNetworkMemory, type MemoryStorage, type NetworkMemory, pageStorage } from './network-memory.js';

// Tests the network memory: a client stores which transport worked in this network and how fast it connected.

afterEach(() => {
  vi.unstubAllGlobals();
});

const won = { transport: 'fetch-stream', connectMs: 120 } as const;

/** A memory with its storage and a manual clock, in milliseconds. */
interface Lab {
  readonly stored: Map<string, string>;
  readonly memory: NetworkMemory;
  clock: number;
}

function create(url = 'https://chat.example.org/everywire'): Lab {
  const stored = new Map<string, string>();
  const storage: MemoryStorage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, text) => void stored.set(key, text),
  };
  const lab: Lab = { stored, clock: 1e12, memory: createNetworkMemory(url, storage, () => lab.clock) };
  return lab;
}

describe('the network memory', () => {
  it('[SN-14.13] the transport that worked is remembered for an hour', () => {
    const lab = create();
    expect(lab.memory.recall()).toBeUndefined();
    lab.memory.note(won);
    lab.clock += REMEMBERED_MS - 1;
    expect(lab.memory.recall()).toEqual(won);
    lab.clock += 1;
    expect(lab.memory.recall()).toBeUndefined();
  });

  it('[SN-14.13] the memory is separate for each server and kind of network', () => {
    const lab = create();
    vi.stubGlobal('navigator', { connection: { type: 'wifi' } });
    lab.memory.note(won);
    vi.stubGlobal('navigator', { connection: { type: 'cellular' } });
    expect(lab.memory.recall()).toBeUndefined();
    vi.stubGlobal('navigator', { connection: { type: 'wifi' } });
    expect(lab.memory.recall()).toEqual(won);
    expect([...lab.stored.keys()]).toEqual(['everywire https://chat.example.org/everywire wifi']);
  });

  it('[SN-46.8] the body size that passes is remembered', () => {
    const lab = create();
    lab.memory.note({ ...won, bodyBytes: 1500 });
    expect(lab.memory.recall()).toEqual({ ...won, bodyBytes: 1500 });
    lab.memory.note(won);
    expect(lab.memory.recall()?.bodyBytes).toBeUndefined();
  });

  it('[SN-14.13] the memory holds no secret', () => {
    const lab = create();
    lab.memory.note(won);
    expect(Object.keys(JSON.parse([...lab.stored.values()][0]!))).toEqual(['transport', 'connectMs', 'until']);
  });

  it.each([
    'nonsense',
    'null',
    '[]',
    '{"transport":1,"until":1000000000001}',
    '{"transport":"websocket"}',
    '{"transport":"websocket","until":1000000000000}',
    '{"transport":"websocket","until":9000000000000}',
  ])('[SN-14.13] nothing is remembered if the storage holds %s', (text) => {
    const memory = createNetworkMemory('', { getItem: () => text, setItem: () => undefined }, () => 1e12);
    expect(memory.recall()).toBeUndefined();
  });

  it('[SN-14.13] nothing is remembered without a storage or with a forbidden one', () => {
    const throwing = (): never => {
      throw new DOMException('forbidden', 'SecurityError');
    };
    for (const storage of [undefined, { getItem: throwing, setItem: throwing }]) {
      const memory = createNetworkMemory('', storage, Date.now);
      memory.note(won);
      expect(memory.recall()).toBeUndefined();
    }
    expect(pageStorage()).toBeUndefined();
    vi.stubGlobal('document', {});
    vi.stubGlobal('localStorage', won);
    expect(pageStorage()).toBe(won);
    Object.defineProperty(globalThis, 'localStorage', { get: throwing, configurable: true });
    expect(pageStorage()).toBeUndefined();
  });
});

import { afterEach, beforeEach, vi } from 'vitest';
import { MemoryServer } from './memory-server.js';

/** Gives each test of a file a server in memory and a virtual clock. Calls `started` with the server before each test. */
export function useVirtualServer(started: (server: MemoryServer) => void): void {
  let server: MemoryServer;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
    server = new MemoryServer();
    started(server);
  });
  afterEach(() => {
    server.stop();
    vi.useRealTimers();
  });
}

/** Advances the virtual time. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

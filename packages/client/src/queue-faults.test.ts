import { ClientSession } from '@everywire/protocol/internal';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryServer } from './test-kit/memory-server.js';
import type { Carrier, TransportModule } from './transport.js';
import type { TransportTable } from './transport-table.js';
import { WireSocket } from './wire-socket.js';

// A throw at each step between `send` and the wire: the item is rejected or the session ends, and what follows is sent.

let server: MemoryServer;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  server = new MemoryServer();
});

afterEach(() => {
  vi.restoreAllMocks();
  server.stop();
  vi.useRealTimers();
});

/** Returns a function that throws when it is called for the first time after `arm`, and then calls the original. */
function throwsOnce<Call extends (...values: never[]) => unknown>(call: Call): Call & { arm(): void } {
  let armed = false;
  const wrapped = (...values: never[]): unknown => {
    if (!armed) return call(...values);
    armed = false;
    throw new Error('the platform refuses');
  };
  return Object.assign(wrapped as Call, {
    arm: () => {
      armed = true;
    },
  });
}

/** Connects over one transport. `arm(step)` makes the next call of that step throw. */
async function connect(): Promise<{ wire: WireSocket; arm: (step: keyof Carrier | 'connect') => void }> {
  const steps = new Map<string, { arm(): void }[]>();
  const once = <Call extends (...values: never[]) => unknown>(step: string, call: Call): Call => {
    const wrapped = throwsOnce(call);
    steps.set(step, [...(steps.get(step) ?? []), wrapped]);
    return wrapped;
  };
  const faulty = (module: TransportModule): TransportModule => ({
    ...module,
    connect: once('connect', (request, events) => {
      const carrier = module.connect(request, events);
      return {
        ...carrier,
        writeMessages: once('writeMessages', carrier.writeMessages ?? (() => undefined)),
        writeRecord: once('writeRecord', carrier.writeRecord ?? (() => undefined)),
      };
    }),
  });
  const table: TransportTable = server.table();
  const rows = table.rows.map((row) => ({ ...row, load: async () => faulty(await row.load()) }));
  const wire = new WireSocket('http://test/everywire', { ...table, rows }, { transports: ['websocket'] });
  await vi.advanceTimersByTimeAsync(200);
  return { wire, arm: (step) => void steps.get(step)?.forEach((one) => void one.arm()) };
}

/** Sends `after`, and returns whether it arrived; otherwise the code of the session's end. */
async function after(wire: WireSocket): Promise<boolean | string> {
  wire.send('after');
  await vi.advanceTimersByTimeAsync(20_000);
  if (wire.status.state === 'closed') return wire.status.verdict.code;
  return server.received.includes('after');
}

const blob = (fields: Partial<Blob>): Blob => ({ size: 1, slice: () => new Blob(), ...fields }) as Blob;
const refuses = (): never => {
  throw new Error('gone');
};

it.each([
  [
    'the type of a request',
    (wire: WireSocket) => wire.request(new Blob(['x']) as never),
    'request takes text or bytes',
  ],
  ['a signal', (wire: WireSocket) => wire.send('x', { until: 'peer', signal: {} as never }), /not a function/],
  ['the signal of a request', (wire: WireSocket) => wire.request('x', { signal: {} as never }), /not a function/],
  ['a timeout', (wire: WireSocket) => wire.request('x', { timeoutMs: Number.NaN }), 'timeoutMs'],
])('%s that cannot be taken rejects its own call, and what follows is sent', async (_, call, reason) => {
  const { wire } = await connect();
  const rejected = expect(call(wire)).rejects.toThrow(reason);
  expect(await after(wire)).toBe(true);
  await rejected;
  expect(wire.bufferedAmount).toBe(0);
});

it.each([
  ['cannot be read', blob({ arrayBuffer: () => Promise.reject(new Error('gone')) })],
  ['throws when it is read', blob({ arrayBuffer: refuses })],
  ['has no way to be read', blob({})],
])('a Blob that %s ends the session, because it was accepted', async (_, given) => {
  const { wire } = await connect();
  wire.send(given);
  expect(await after(wire)).toBe('unreadable');
});

it.each(['writeMessages', 'writeRecord', 'connect'] as const)('a %s that throws once loses nothing', async (step) => {
  const { wire, arm } = await connect();
  arm(step);
  if (step === 'connect') server.cut();
  wire.send('x');
  expect(await after(wire)).toBe(true);
  expect(server.received).toEqual(['x', 'after']);
});

it('a session that cannot take a held message ends', async () => {
  const report = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { wire } = await connect();
  vi.spyOn(ClientSession.prototype, 'send').mockImplementation(refuses);
  const sent = expect(wire.send('x', { until: 'peer' })).rejects.toMatchObject({ code: 'internal' });
  expect(await after(wire)).toBe('internal');
  await sent;
  expect(report).toHaveBeenCalledOnce();
});

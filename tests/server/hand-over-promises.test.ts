import { createWireClient, type WireClient } from '@everywire/client';
import type { Message, ServerSession } from '@everywire/protocol/internal';
import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, type Listening, listen } from './hand-client.js';

/** The parts of a session that a hand-over uses. Nodes do not communicate yet, so the test calls them itself (SN-24). */
interface Movable extends WireSession {
  readonly machine: ServerSession;
  moved(): void;
}

let server: Listening;
let client: WireClient;
afterEach(async () => {
  client.close();
  await server.end();
});

/** Starts a server and a client, and returns the session at the server. */
async function talk(): Promise<Movable> {
  let session: WireSession | undefined;
  server = await listen({ onSession: (opened) => (session = opened) });
  client = createWireClient(server.base, { transports: ['websocket'] });
  return (await eventually(() => session?.transport && session)) as Movable;
}

/** The expected state of a promise that was rejected with `moved`. */
const rejected = (unknown: boolean) => ({
  status: 'rejected',
  reason: expect.objectContaining({ name: 'WireError', code: 'moved', unknown }),
});

describe('pending promises of a session handed over', () => {
  it('[SN-24.3] [SN-24.5] [SN-30.1] [SN-31] pending promises of a session handed over are rejected with `moved`, and `onClose` is not called', async () => {
    const session = await talk();
    const forwarded: string[] = [];
    const closes: unknown[] = [];
    session.onClose = (verdict) => closes.push(verdict);
    const before = [session.send('before', { until: 'peer' }), session.request('asked before')];
    const settled = new Promise<void>((resolve) => {
      const forward = ({ text }: Message): void => void forwarded.push(text);
      session.machine.freeze({ forward, settled: resolve }, performance.now());
    });
    const meanwhile = [session.send('meanwhile', { until: 'peer' }), session.request('asked meanwhile')];
    expect(await Promise.allSettled(meanwhile)).toEqual([rejected(true), rejected(false)]);
    expect(forwarded).toEqual(['meanwhile']);
    await settled;
    session.moved();
    expect(await Promise.allSettled(before)).toEqual([rejected(true), rejected(true)]);
    const after = [session.send('after', { until: 'peer' }), session.request('asked after')];
    expect((await Promise.allSettled(after)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([closes, server.wire.sessions()]).toEqual([[], []]);
  });

  it('[SN-24.6] pending promises of a session handed over are rejected with `lost` if no node confirms', async () => {
    const session = await talk();
    const before = session.send('before', { until: 'peer' });
    session.machine.freeze({ forward: () => undefined, settled: () => undefined }, performance.now() - 1e6);
    session.moved();
    await expect(before).rejects.toMatchObject({ code: 'lost', unknown: true });
  });
});

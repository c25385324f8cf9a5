import { once } from 'node:events';
import { connect } from 'node:net';
import { encodeMaskedFrame } from '@everywire/protocol/internal';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandClient, HandCounts, type Listening, listen, openByPost } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

const HANDSHAKE =
  'GET /everywire/websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: everywire.2\r\n\r\n';

/** A count, or a value that is not one. */
const whole = fc.oneof(fc.nat(), fc.constantFrom(-1, 0.5, 2 ** 53, null, '1'));
/** The counts of a record, of which any may be missing. */
const counts = fc.record({ ack: whole, received: whole, seen: whole, sent: whole, sum: whole }, { requiredKeys: [] });

/** Generates one item: a control record that is nearly valid, or a message. */
function item(id: string): fc.Arbitrary<string> {
  const name = fc.constantFrom(
    'open',
    'attach',
    'from',
    'ack',
    'ping',
    'pong',
    'probe',
    'hidden',
    'fail',
    'body',
    'closed',
    'x',
  );
  const fields = fc.record(
    {
      id: fc.constantFrom(id, 'other'),
      nonce: fc.oneof(fc.string(), fc.uuid()),
      n: whole,
      instance: whole,
      first: whole,
      count: whole,
      at: whole,
      pad: fc.string(),
      hidden: fc.boolean(),
      code: fc.string(),
      prompt: fc.boolean(),
    },
    { requiredKeys: ['id'] },
  );
  const record = fc
    .tuple(name, fields, fc.oneof(counts, fc.constant(new HandCounts().block)))
    .map(([t, some, block]) => `\0${JSON.stringify({ ...some, ...block, t })}`);
  return fc.oneof({ weight: 5, arbitrary: record }, { weight: 2, arbitrary: fc.string() });
}

/** Generates a sequence of items encoded as frames, in which one byte may be changed. */
function stream(id: string): fc.Arbitrary<Buffer> {
  const flip = fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 2 });
  return fc.tuple(fc.array(item(id), { maxLength: 12 }), flip, fc.integer()).map(([items, change, key]) => {
    const frames = items.map((text) => encodeMaskedFrame(1, new TextEncoder().encode(text), key));
    const bytes = Buffer.concat(frames);
    if (change !== null && bytes.length > 0) bytes[change[0] % bytes.length] = change[1];
    return bytes;
  });
}

describe('random input', () => {
  it('random frames over a socket leave the server and other sessions working', async () => {
    server = await listen({
      limits: { closeFrameMs: 50, unattachedMs: 2_000 },
      onSession: (session) => {
        session.onMessage = (data) => void session.send(data);
      },
    });
    const honest = await HandClient.join(server.port);
    const id = await openByPost(server.base);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(stream(id), fc.boolean(), async (bytes, cut) => {
        const peer = connect(server.port, '127.0.0.1');
        peer.on('error', () => undefined);
        peer.write(HANDSHAKE);
        await once(peer, 'data');
        peer.resume();
        if (cut) peer.write(bytes, () => peer.resetAndDestroy());
        else peer.end(bytes);
        honest.send(`round ${++round}`);
        await eventually(() => honest.got.at(-1) === `round ${round}`);
        peer.destroy();
      }),
      { numRuns: 300 },
    );
    honest.acknowledge();
    expect(honest.got).toHaveLength(round);
    expect(honest.closeCode).toBe(0);
  });

  it('random bodies get only documented answers', async () => {
    server = await listen();
    const id = await openByPost(server.base);
    const name = fc.constantFrom('open', 'up', 'ticket', 'long-poll', 'event-stream', 'fetch-stream');
    await fc.assert(
      fc.asyncProperty(
        name,
        item(id),
        fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 4 }),
        async (path, text, m) => {
          const body = text.startsWith('\0') ? JSON.stringify({ ...JSON.parse(text.slice(1)), m }) : text;
          const abort = new AbortController();
          const answer = await Promise.race([
            fetch(`${server.base}/${path}`, { method: 'POST', body, signal: abort.signal }).catch(() => undefined),
            // A parked poll is rightly silent for a while.
            new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 30)),
          ]);
          if (answer !== undefined) expect([200, 400, 413]).toContain(answer.status);
          abort.abort();
        },
      ),
      { numRuns: 300 },
    );
    // The secret and the location of the session (SN-20).
    expect(await openByPost(server.base)).toMatch(/^[\w-]{22}\./);
  });
});

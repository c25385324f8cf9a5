import type { TransportName } from '@everywire/client';
import { afterEach, describe, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { asPromised, Conversation, TEST_TIMEOUT_MS } from '../transports/conversation.js';
import { bytesOf, PathTalk, plain } from '../transports/path-talk.js';
import { type Kind, kinds, ReverseProxy } from './reverse-proxy.js';

const names: readonly TransportName[] = ['websocket', 'event-stream', 'fetch-stream', 'long-poll'];
const both = kinds.flatMap((kind) => names.map((name) => [name, kind] as const));

let talk: Conversation | undefined;
let proxy: ReverseProxy | undefined;
afterEach(async () => {
  await talk?.stop();
  await proxy?.stop();
});

/** Starts a conversation of numbered messages through a reverse proxy. */
async function start(kind: Kind, transports: readonly TransportName[], delayMs = 5): Promise<Conversation> {
  talk = await Conversation.start(transports, {
    faults: [{ kind: 'delay', ms: delayMs }],
    // HAProxy requests it before it forwards any request.
    onRequest: (request, answer) => answer.writeHead(request.url === '/readyz' ? 200 : 404).end(),
    before: async (serverPort) => {
      proxy = await ReverseProxy.start(kind, serverPort);
      return proxy.port;
    },
  });
  return talk;
}

describe('behind a reverse proxy with the configuration of the guide', { timeout: TEST_TIMEOUT_MS }, () => {
  for (const [name, kind] of both) {
    const tags = wideUnless(name === 'websocket' || name === 'event-stream');
    it(`[SN-1] ${name} through ${kind} with one cut loses, repeats and misorders nothing`, { tags }, async () => {
      const conversation = await start(kind, [name]);
      conversation.at(120, () => conversation.proxy.cutNow('reset'));
      await conversation.finish();
      expect(conversation.outcome).toEqual(asPromised);
      expect(conversation.transports).toEqual([name]);
      // A proxy that buffers responses would be detected, and the transport avoided.
      expect(conversation.attempts.filter(({ reason }) => reason === 'buffered')).toEqual([]);
    });
  }

  it.each(both)('[SN-1] %s survives a reload of %s', { tags: ['wide'] }, async (name, kind) => {
    const conversation = await start(kind, [name], 60);
    conversation.at(120, () => proxy?.reload());
    await conversation.finish();
    expect(conversation.outcome).toEqual(asPromised);
  });

  it.each(kinds)('[SN-1] a WebSocket through %s moves to the new workers', { tags: ['wide'] }, async (kind) => {
    // So slow that there is still traffic when the old workers end; afterwards the delay is lifted.
    const conversation = await start(kind, ['websocket'], 400);
    const isCut = (): boolean => conversation.attempts.some(({ reason }) => reason === 'cut');
    conversation.at(20, () => proxy?.reload()).when(isCut, () => conversation.proxy.lift());
    await conversation.finish();
    expect(conversation.outcome).toEqual(asPromised);
    expect(isCut()).toBe(true);
  });

  it.each(kinds)('[SN-14.11] by default the client chooses WebSocket through %s', async (kind) => {
    const conversation = await start(kind, names);
    await conversation.finish();
    expect(conversation.outcome).toEqual(asPromised);
    expect(conversation.transports).toEqual(['websocket']);
  });

  it('[SN-45] a message of a million bytes arrives despite the limit of one megabyte in nginx', async () => {
    const behind = async (serverPort: number): Promise<number> => {
      proxy = await ReverseProxy.start('nginx', serverPort);
      return proxy.port;
    };
    const one = await PathTalk.start({ webSocket: 'refused' }, { transports: ['fetch-stream'] }, behind);
    try {
      // Until the server has stated its limits, the defaults apply.
      await one.until(() => one.client.status.state === 'open');
      // More than a megabyte as base64.
      one.client.send(bytesOf(1_000_000, 1));
      one.client.send('after it');
      await one.until(() => one.up.length === 2);
      expect(one.up.map(plain)).toEqual([plain(bytesOf(1_000_000, 1)), 'after it']);
      expect(one.path.counters.refusedBodies).toBeGreaterThan(0);
    } finally {
      await one.stop();
    }
  });
});

import type { TransportName } from '@everywire/client';
import { afterEach, describe, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { asPromised, Conversation, type ConversationOptions, TEST_TIMEOUT_MS } from './conversation.js';
import { throughRefusals, throughSilence, throughWithholding } from './through-faults.js';

const names: readonly TransportName[] = [
  'websocket',
  'tcp',
  'event-stream',
  'fetch-stream',
  'multipart-stream',
  'long-poll',
  'short-poll',
];
/** Heartbeats as in production, for tests without a silent network, so that a slow machine does not look like one. */
const patient = { heartbeatMs: 15_000, heartbeatHiddenMs: 15_000 };
const running: Conversation[] = [];
afterEach(async () => {
  for (const conversation of running.splice(0)) await conversation.stop();
});

/** Starts a conversation that is stopped after the test. */
async function converse(transports: readonly TransportName[], options?: ConversationOptions): Promise<Conversation> {
  const conversation = await Conversation.start(transports, options);
  running.push(conversation);
  return conversation;
}

/** Returns failed attempts other than timeouts, which a machine that pauses for a while can cause. */
const faultsOf = ({ attempts }: Conversation) => attempts.filter(({ reason }) => reason !== 'timeout');

describe.each(names)('over %s', { timeout: TEST_TIMEOUT_MS }, (name) => {
  it('[SN-1] a conversation without a fault is complete', { tags: ['wide'] }, async () => {
    const talk = await converse([name], { limits: patient });
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
    expect(talk.transports).toEqual([name]);
    expect(faultsOf(talk)).toEqual([]);
  });

  it('[SN-2] a conversation survives connections cut by RST and by FIN, immediately and at a byte', async () => {
    const talk = await converse([name]);
    talk.at(80, () => void talk.proxy.cutNow('reset'));
    talk.at(160, () => void talk.proxy.cutNow('end'));
    talk.at(240, () => talk.proxy.inject({ kind: 'cut', how: 'reset', afterBytes: 700, times: 2 }));
    talk.at(320, () => talk.proxy.inject({ kind: 'cut', how: 'end', afterBytes: 300, times: 1 }));
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
    // The number of connections open at each moment is up to the client; the three that are cut at a byte are fixed.
    expect(talk.proxy.counters.cuts).toBeGreaterThan(3);
  });

  it('[SN-2] a conversation survives connections refused for a while', { tags: ['wide'] }, async () => {
    await throughRefusals(await converse([name]));
  });

  it('[SN-15] a conversation survives connections silenced without notice', {
    tags: wideUnless(name === 'websocket'),
  }, async () => {
    await throughSilence(await converse([name]));
  });

  it('[SN-2] a conversation survives half-open connections: reset for the client, unnoticed by the server', {
    tags: wideUnless(name === 'fetch-stream'),
  }, async () => {
    const talk = await converse([name]);
    talk.at(150, () => talk.at(250, talk.proxy.halfOpen()));
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
    expect(talk.proxy.counters.halfOpened).toBeGreaterThan(0);
  });

  it('[SN-2] [SN-15] a conversation survives held connections that are released after it has continued over others', {
    tags: wideUnless(name === 'websocket'),
  }, async () => {
    const talk = await converse([name]);
    talk.at(150, () => talk.at(250, talk.proxy.inject({ kind: 'hold' })));
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
    expect(talk.proxy.counters.heldConnections).toBeGreaterThan(0);
  });

  it('[SN-1] a conversation survives delays', { tags: ['wide'] }, async () => {
    const talk = await converse([name], { faults: [{ kind: 'delay', ms: 40 }], limits: patient });
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
    expect(talk.transports).toEqual([name]);
    expect(faultsOf(talk)).toEqual([]);
    expect(talk.proxy.counters.delayedPieces).toBeGreaterThan(20);
  });

  it('[SN-2] a conversation survives data that is dribbled a few bytes at a time', { tags: ['wide'] }, async () => {
    const talk = await converse([name], { faults: [{ kind: 'dribble', bytes: 61 }], limits: patient });
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
    expect(faultsOf(talk)).toEqual([]);
    expect(talk.proxy.counters.dribbledWrites).toBeGreaterThan(1000);
  });

  it('[P18] [SN-13.2] a conversation survives a proxy that withholds responses to their end', {
    tags: wideUnless(name === 'event-stream'),
  }, async () => {
    // The server must not give the silent stream up before the client does: that would end the response, and so let it
    // through.
    await throughWithholding(await converse([name, 'long-poll'], { limits: { heartbeatMs: 3000 } }), 'long-poll');
  });

  it('[SN-13.3] a conversation survives a proxy that begins to buffer in the middle', { tags: ['wide'] }, async () => {
    const talk = await converse([name, 'long-poll'], { limits: { heartbeatMs: 3000 } });
    const streams = name.endsWith('-stream');
    let injectedAt = 0;
    let tookMs = 0;
    talk.at(150, () => {
      injectedAt = performance.now();
      talk.proxy.inject({ kind: 'buffer', path: streams ? `/${name}` : '/no-stream-at-all' });
    });
    talk.when(
      () => injectedAt > 0 && talk.transports.at(-1) === 'long-poll',
      () => {
        tookMs = performance.now() - injectedAt;
      },
    );
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
    if (!streams) return;
    expect(talk.transports).toEqual([name, 'long-poll']);
    expect(talk.attempts.map(({ transport, reason }) => `${transport} ${reason}`)).toEqual([`${name} buffered`]);
    expect(talk.proxy.counters.bufferedBytes).toBeGreaterThan(0);
    // The client waits a second before it considers a path buffered.
    expect(tookMs).toBeGreaterThan(1000);
  });
});

/** Transports that a client can fall back to. Raw TCP is tried before the WebSocket, so it is not one of them. */
const waysOut = names.filter((name) => name !== 'tcp');

for (const name of waysOut) {
  describe(`over ${name} next to a blocked WebSocket`, {
    timeout: TEST_TIMEOUT_MS,
    tags: wideUnless(name === 'event-stream'),
  }, () => {
    it('[SN-12.4] a conversation survives a blocked Upgrade, by 403 and by stripped headers', async () => {
      const others: readonly TransportName[] = name === 'websocket' ? ['long-poll'] : [name];
      const talk = await converse(['websocket', ...others], {
        faults: name === 'websocket' ? [] : [{ kind: 'block-upgrade', how: 'forbid' }],
      });
      talk.at(150, () => {
        talk.proxy.lift();
        talk.proxy.inject({ kind: 'block-upgrade', how: 'strip' });
        talk.proxy.cutNow('reset');
        talk.client.retryNow();
      });
      await talk.finish();
      expect(talk.outcome).toEqual(asPromised);
      expect(talk.transports).toEqual(name === 'websocket' ? ['websocket', 'long-poll'] : [name]);
      expect(talk.proxy.counters.blockedUpgrades).toBeGreaterThan(0);
    });

    it('[SN-12.4] a conversation survives the cut of every opened WebSocket', async () => {
      const others: readonly TransportName[] = name === 'websocket' ? ['long-poll'] : [name];
      const talk = await converse(['websocket', ...others], {
        faults: [{ kind: 'cut', how: 'reset', afterBytes: 3000, only: 'websocket' }],
      });
      await talk.finish();
      expect(talk.outcome).toEqual(asPromised);
      expect(talk.transports.at(-1)).toBe(others[0]);
      expect(talk.proxy.counters.cuts).toBeGreaterThanOrEqual(2);
    });
  });
}

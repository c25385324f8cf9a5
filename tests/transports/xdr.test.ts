import type { TransportName } from '@everywire/client';
import {
  connectXdrPoll,
  connectXdrPost,
  connectXdrStream,
  SessionController,
  type TransportTable,
  WireSocket,
} from '@everywire/client/internal';
import { createNetworkPath, type NetworkPath, openPath } from '@everywire/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asPromised, Conversation, type ConversationOptions, TEST_TIMEOUT_MS } from './conversation.js';
import { throughRefusals, throughSilence, throughWithholding } from './through-faults.js';
import { createXDomainRequest } from './xdomain-request.js';

const ORIGIN = 'http://page.test';
const names: readonly TransportName[] = ['xdr-stream', 'xdr-poll'];
/** The transports of a client for Internet Explorer 8. */
const table: TransportTable = {
  rows: [
    { name: 'xdr-stream', kind: 'stream', load: async () => ({ connect: connectXdrStream }) },
    { name: 'xdr-poll', kind: 'poll', load: async () => ({ connect: connectXdrPoll }) },
  ],
  usual: /./,
  fallback: async () => ({ connect: connectXdrPost, SessionController }),
};

let XDomainRequest: ReturnType<typeof createXDomainRequest>;
let talk: Conversation;
beforeEach(() => {
  XDomainRequest = createXDomainRequest(ORIGIN);
  vi.stubGlobal('XDomainRequest', XDomainRequest);
});
afterEach(async () => {
  await talk.stop();
  vi.unstubAllGlobals();
});

/** Starts a conversation of a page in Internet Explorer 8, which uses only the simulated `XDomainRequest`. */
async function converse(name: TransportName, options: ConversationOptions = {}): Promise<Conversation> {
  talk = await Conversation.start([name], {
    origins: [ORIGIN],
    createClient: (url, transports) => new WireSocket(url, table, { transports }),
    ...options,
  });
  return talk;
}

describe.each(names)('over the simulated %s', { timeout: TEST_TIMEOUT_MS }, (name) => {
  it('[SN-1] a conversation without a fault is complete, by POSTs of text only', { tags: ['wide'] }, async () => {
    await converse(name);
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
    expect([talk.transports, talk.attempts, XDomainRequest.offences]).toEqual([[name], [], []]);
    const paths = new Set(XDomainRequest.asked.map((url) => new URL(url).pathname.split('/').at(-1)));
    expect(paths).toContain(name);
    expect([...paths].every((path) => path?.startsWith('xdr-'))).toBe(true);
    expect(XDomainRequest.asked.filter((url) => url.includes('?'))).toEqual([]);
  });

  it('[SN-2] a conversation survives connections cut by RST and by FIN', async () => {
    await converse(name);
    talk.at(80, () => void talk.proxy.cutNow('reset'));
    talk.at(160, () => void talk.proxy.cutNow('end'));
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
    expect(talk.proxy.counters.cuts).toBeGreaterThan(0);
  });

  it('[SN-45] [SN-46] a conversation survives a network that refuses large messages', async () => {
    const rules = { ...openPath(), bodyBytesMax: 900, refusal: { body: '<h1>413</h1>' } };
    const paths: NetworkPath[] = [];
    const before = async (port: number): Promise<number> => {
      paths.push(await createNetworkPath(port, rules));
      return paths[0]!.port;
    };
    await converse(name, { before });
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
    expect(paths[0]!.counters.refusedBodies).toBeGreaterThan(0);
    await paths[0]!.close();
  });

  it('[SN-15] a conversation survives connections silenced without notice', { tags: ['wide'] }, async () => {
    await throughSilence(await converse(name));
  });

  it('[SN-2] a conversation survives data that is dribbled a few bytes at a time', { tags: ['wide'] }, async () => {
    await converse(name, { faults: [{ kind: 'dribble', bytes: 61 }] });
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
  });

  it('[SN-2] a conversation survives refusals for a while, and delays', { tags: ['wide'] }, async () => {
    await throughRefusals(await converse(name, { faults: [{ kind: 'delay', ms: 40 }] }));
    expect(talk.proxy.counters.delayedPieces).toBeGreaterThan(20);
  });

  it('[SN-13.2] a conversation survives a proxy that withholds responses to their end', {
    tags: ['wide'],
  }, async () => {
    await converse(name, {
      limits: { heartbeatMs: 3000 },
      createClient: (url) => new WireSocket(url, table, { transports: [name, 'xdr-poll'] }),
    });
    await throughWithholding(talk, 'xdr-poll');
  });

  it('[TR-15.4] a conversation survives answers ended at their limit again and again', { tags: ['wide'] }, async () => {
    await converse(name, { limits: { keptBytesMax: 2_000 } });
    await talk.finish();
    expect([talk.outcome, talk.attempts]).toEqual([asPromised, []]);
    expect(XDomainRequest.asked.filter((url) => url.endsWith(name)).length).toBeGreaterThan(3);
  });

  it('[TR-7.3] [TR-28.4] a page whose origin is not allowed is refused', async () => {
    await converse(name, { origins: ['http://other.test'] });
    await new Promise<void>((done) => {
      talk.client.addEventListener('statuschange', () => {
        const { status } = talk.client;
        if ('attempts' in status && status.attempts.length > 0) done();
      });
    });
    expect(talk.outcome).toMatchObject({ sessions: 0, client: null });
  });
});

it('[SN-10] a conversation switches from one to the other and back', { tags: ['wide'] }, async () => {
  await converse('xdr-stream', {
    faults: [{ kind: 'delay', ms: 10 }],
    createClient: (url) => new WireSocket(url, table, { transports: ['xdr-stream'] }),
  });
  talk.at(60, () => talk.client.use('xdr-poll'));
  talk.when(
    () => talk.transports.at(-1) === 'xdr-poll',
    () => talk.at(talk.up.length + talk.down.length + 40, () => talk.client.use('xdr-stream')),
  );
  await talk.finish();
  expect(talk.outcome).toEqual(asPromised);
  expect(talk.transports).toEqual(['xdr-stream', 'xdr-poll', 'xdr-stream']);
});

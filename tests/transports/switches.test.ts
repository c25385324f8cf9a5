import type { TransportName } from '@everywire/client';
import { afterEach, describe, expect, it } from 'vitest';
import { asPromised, Conversation, TEST_TIMEOUT_MS } from './conversation.js';
import { MESSAGES_EACH_WAY } from './numbered-content.js';

const names: readonly TransportName[] = ['websocket', 'tcp', 'event-stream', 'fetch-stream', 'long-poll'];
const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));
/** What is not used unless it is named. */
const unusual: readonly TransportName[] = ['multipart-stream', 'short-poll'];
const unusualPairs = unusual.map((from) => [from, 'websocket'] as const);

let talk: Conversation;
afterEach(() => talk.stop());

describe('switching in mid traffic', { timeout: TEST_TIMEOUT_MS }, () => {
  it.each([...pairs, ...unusualPairs])('[R17] [SN-10] [SN-11] from %s to %s and back', async (from, to) => {
    // With a delay, so that over the fast ones too the traffic is still there when the switch is done.
    talk = await Conversation.start([from], { faults: [{ kind: 'delay', ms: 30 }] });
    let downAtSwitch = 0;
    talk.at(60, () => talk.client.use(to));
    talk.when(
      () => talk.transports.at(-1) === to,
      () => {
        downAtSwitch = talk.down.length;
        talk.at(talk.up.length + talk.down.length + 40, () => talk.client.use(from));
      },
    );
    await talk.finish();
    expect(talk.outcome).toEqual(asPromised);
    expect(talk.transports).toEqual([from, to, from]);
    // It came while there was still traffic to be lost.
    expect(downAtSwitch).toBeLessThan(MESSAGES_EACH_WAY - 20);
  });
});

it.each([...names.filter((name) => name !== 'tcp'), ...unusual])(
  '[SN-20] over %s no address carries more than the name of a transport or a ticket',
  async (name) => {
    talk = await Conversation.start([name]);
    await talk.finish();
    expect(new Set(talk.urls)).toContain(`/everywire/${name}`);
    expect(talk.urls.filter((url) => !/^\/everywire\/[a-z-]+$/.test(url))).toEqual([]);
  },
);

import type { TransportName } from '@everywire/client';
import { afterEach, describe, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { asPromised, Conversation, TEST_TIMEOUT_MS } from './conversation.js';
import { MESSAGES_EACH_WAY } from './numbered-content.js';

/**
 * Switches from one transport to another. `tests/simulation/model` tests most pairs at every byte, but not raw TCP and the
 * multipart stream. Therefore these switch to and from each kind of transport here.
 */
const pairs: readonly (readonly [TransportName, TransportName])[] = [
  ...(['websocket', 'event-stream', 'long-poll'] as const).flatMap((other) => [
    ['tcp', other] as const,
    [other, 'tcp'] as const,
  ]),
  ...[['multipart-stream', 'websocket'] as const, ['short-poll', 'websocket'] as const],
  ...[
    ['websocket', 'long-poll'] as const,
    ['event-stream', 'websocket'] as const,
    ['long-poll', 'event-stream'] as const,
  ],
];
/** `npm test` switches to, from and between kinds: a stream, polls and a socket. */
const quickPairs: readonly string[] = ['websocket long-poll', 'event-stream websocket', 'long-poll event-stream'];
const overHttp: readonly TransportName[] = [
  ...(['websocket', 'event-stream', 'fetch-stream', 'long-poll', 'multipart-stream', 'short-poll'] as const),
];

let talk: Conversation;
afterEach(() => talk.stop());

describe('switching during traffic', { timeout: TEST_TIMEOUT_MS }, () => {
  for (const [from, to] of pairs) {
    const tags = wideUnless(quickPairs.includes(`${from} ${to}`));
    it(`[R17] [SN-10] [SN-11] from ${from} to ${to} and back`, { tags }, async () => {
      // With a delay, so that on the fast ones too there is still traffic when the switch is done.
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
  }
});

for (const name of overHttp) {
  const tags = wideUnless(name === 'event-stream');
  it(`[SN-20.2] over ${name} no address contains more than the name of a transport or a ticket`, { tags }, async () => {
    talk = await Conversation.start([name]);
    await talk.finish();
    expect(new Set(talk.urls)).toContain(`/everywire/${name}`);
    expect(talk.urls.filter((url) => !/^\/everywire\/[a-z-]+$/.test(url))).toEqual([]);
  });
}

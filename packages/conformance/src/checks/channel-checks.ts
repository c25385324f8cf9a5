import { type Check, check, wait } from '../check.js';
import { type Examiner, offered } from '../examiner.js';
import type { Fields } from '../item.js';
import { expectEqual } from '../mismatch.js';
import type { TestLink } from '../test-link.js';

const noCounts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };

const needs = { needs: 'channels' };

const chosen = (link: TestLink): string | undefined => link.answer.headers.get('sec-websocket-protocol');

/** A WebSocket that may carry several sessions. */
const shared = (x: Examiner): Promise<TestLink> =>
  x.webSocket({ 'Sec-WebSocket-Protocol': 'everywire.2, everywire.2.channels' });

/** Opens and attaches a session on the channel that is spoken on. */
async function openHere(x: Examiner, link: TestLink): Promise<void> {
  link.record(x.openRecord({ instance: 7 }));
  const { id } = await link.next('opened');
  link.record({ t: 'attach', id, n: 2, instance: 7, ...noCounts });
  await link.next('attached');
  link.record({ t: 'from', first: 1 });
}

const turn = (link: TestLink, c: number, fields: Fields = {}): void => link.record({ t: 'channel', n: c, ...fields });

/** What the server said, in order: its messages, each with the channel it came on. */
function heard({ items }: TestLink): readonly (readonly [number, unknown])[] {
  let channel = 0;
  return items.flatMap((item) => {
    if (item.kind === 'message') return [[channel, item.content] as const];
    if (item.kind === 'record' && item.record['t'] === 'channel' && item.record['end'] !== true)
      channel = Number(item.record['n']);
    return [];
  });
}

const ended = (link: TestLink): readonly unknown[] =>
  link
    .records('channel')
    .filter(({ end }) => end === true)
    .map(({ n }) => n);

/** `docs/spec/session.md` SN-49, `docs/spec/transports.md` TR-51: several sessions on one WebSocket. */
export const channelChecks: readonly Check[] = [
  check(
    '[TR-51.1] [TR-51.2] says whether a link has channels, beside what the head brought',
    async (x) => {
      expectEqual('without a head', chosen(await shared(x)), 'everywire.2.channels');
      const head = Buffer.from(JSON.stringify(x.openRecord({ instance: 7 }))).toString('base64url');
      const names = `${offered(head)}, everywire.2.channels, everywire.2.head.channels`;
      const link = await x.webSocket({ 'Sec-WebSocket-Protocol': names });
      expectEqual('with a head', chosen(link), 'everywire.2.head.channels');
      await link.next('attached');
    },
    needs,
  ),
  check(
    '[TR-51.3] ignores a channel on a link that has none',
    async (x) => {
      const link = await x.webSocket();
      turn(link, 1);
      await openHere(x, link);
      link.message('hello');
      await link.gets(1);
      expectEqual('what came', heard(link), [[0, 'hello']]);
    },
    needs,
  ),
  check(
    '[SN-49.1] [SN-49.2] [SN-49.3] [SN-49.4] carries sessions of their own, each in its channel',
    async (x) => {
      const link = await shared(x);
      await openHere(x, link);
      turn(link, 1);
      await openHere(x, link);
      turn(link, 5);
      await openHere(x, link);
      link.message('of five');
      await link.gets(1);
      turn(link, 0);
      link.message('of zero');
      await link.gets(2);
      turn(link, 1);
      link.message('of one');
      await link.gets(3);
      expectEqual('what came', heard(link), [
        [5, 'of five'],
        [0, 'of zero'],
        [1, 'of one'],
      ]);
    },
    needs,
  ),
  check(
    '[SN-49.5] [SN-49.6] ends one channel and goes on with the others',
    async (x) => {
      const link = await shared(x);
      await openHere(x, link);
      turn(link, 1);
      await openHere(x, link);
      turn(link, 1, { end: true });
      link.message('to noUser');
      turn(link, 2);
      link.record({ t: 'nonsense-of-later' });
      link.message('malformed: nothing is attached');
      await link.next('channel');
      expectEqual('ended by the server', ended(link), [2]);
      link.message('to noUser either');
      turn(link, 0);
      link.message('still here');
      await link.gets(1);
      expectEqual('what came', heard(link), [[0, 'still here']]);
      turn(link, 0, { end: true });
      expectEqual('the close code behind the last', await link.closes(), 1000);
    },
    needs,
  ),
  check(
    '[SN-49.7] begins no more channels than it says',
    async (x) => {
      const link = await shared(x);
      await openHere(x, link);
      for (let c = 1; c <= 64; c++) turn(link, c);
      await link.connection.until('an end', () => ended(link).length > 0 || undefined);
      expectEqual('ended', ended(link), [64]);
      turn(link, 63);
      await openHere(x, link);
      link.message('the last one');
      await link.gets(1);
      expectEqual('what came', heard(link), [[63, 'the last one']]);
    },
    needs,
  ),
  check(
    '[SN-49.8] ends a channel on which no session comes',
    async (x) => {
      const link = await shared(x);
      await openHere(x, link);
      turn(link, 1);
      link.record({ t: 'probe', pad: 'x' });
      await link.next('probe');
      turn(link, 0);
      link.onItem = (item) => {
        if (item.kind === 'record' && item.record['t'] === 'ping') link.record({ t: 'pong', at: 0, ...noCounts });
      };
      await wait(x.settings.unattachedMs * 2 + 500);
      expectEqual('ended', ended(link), [1]);
      link.message('still here');
      expectEqual('what came', await link.gets(1), ['still here']);
    },
    { ...needs, waitMs: (settings) => settings.unattachedMs * 2 + 500 },
  ),
];

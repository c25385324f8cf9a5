import { type Check, check, wait } from '../check.js';
import { type Examiner, offered } from '../examiner.js';
import type { Fields } from '../item.js';
import { expectEqual } from '../mismatch.js';
import type { TestLink } from '../test-link.js';

const noCounts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };

const needs = { needs: 'channels' };

const chosen = (link: TestLink): string | undefined => link.answer.headers.get('sec-websocket-protocol');

/** Opens a WebSocket that offers channels, so that it can carry several sessions. */
const shared = (x: Examiner): Promise<TestLink> =>
  x.webSocket({ 'Sec-WebSocket-Protocol': 'everywire.2, everywire.2.channels' });

/** Opens and attaches a session on the current channel. */
async function openOnChannel(x: Examiner, link: TestLink): Promise<void> {
  link.record(x.openRecord({ instance: 7 }));
  const { id } = await link.next('opened');
  link.record({ t: 'attach', id, n: 2, instance: 7, ...noCounts });
  await link.next('attached');
  link.record({ t: 'from', first: 1 });
}

const sendChannel = (link: TestLink, c: number, fields: Fields = {}): void =>
  link.record({ t: 'channel', n: c, ...fields });

/** Returns the messages of the server in order, each with its channel. */
function receivedOn({ items }: TestLink): readonly (readonly [number, unknown])[] {
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

/**
 * Checks of SN-49 in `docs/spec/session.md` and TR-51 in `docs/spec/transports.md`: several sessions on one WebSocket.
 */
export const channelChecks: readonly Check[] = [
  check(
    '[TR-51.1] [TR-51.2] negotiates channels, with and without a record in the handshake',
    async (x) => {
      expectEqual('without a record', chosen(await shared(x)), 'everywire.2.channels');
      const head = Buffer.from(JSON.stringify(x.openRecord({ instance: 7 }))).toString('base64url');
      const names = `${offered(head)}, everywire.2.channels, everywire.2.head.channels`;
      const link = await x.webSocket({ 'Sec-WebSocket-Protocol': names });
      expectEqual('with a record', chosen(link), 'everywire.2.head.channels');
      await link.next('attached');
    },
    needs,
  ),
  check(
    '[TR-51.3] ignores a channel record on a link without channels',
    async (x) => {
      const link = await x.webSocket();
      sendChannel(link, 1);
      await openOnChannel(x, link);
      link.message('hello');
      await link.gets(1);
      expectEqual('the messages', receivedOn(link), [[0, 'hello']]);
    },
    needs,
  ),
  check(
    '[SN-49.1] [SN-49.2] [SN-49.3] [SN-49.4] carries an independent session in each channel',
    async (x) => {
      const link = await shared(x);
      await openOnChannel(x, link);
      sendChannel(link, 1);
      await openOnChannel(x, link);
      sendChannel(link, 5);
      await openOnChannel(x, link);
      link.message('of five');
      await link.gets(1);
      sendChannel(link, 0);
      link.message('of zero');
      await link.gets(2);
      sendChannel(link, 1);
      link.message('of one');
      await link.gets(3);
      expectEqual('the messages', receivedOn(link), [
        [5, 'of five'],
        [0, 'of zero'],
        [1, 'of one'],
      ]);
    },
    needs,
  ),
  check(
    '[SN-49.5] [SN-49.6] ends one channel and keeps the others',
    async (x) => {
      const link = await shared(x);
      await openOnChannel(x, link);
      sendChannel(link, 1);
      await openOnChannel(x, link);
      sendChannel(link, 1, { end: true });
      link.message('to no session');
      sendChannel(link, 2);
      link.record({ t: 'nonsense-of-later' });
      link.message('malformed: nothing is attached');
      await link.next('channel');
      expectEqual('the channels that the server ended', ended(link), [2]);
      link.message('still to no session');
      sendChannel(link, 0);
      link.message('still here');
      await link.gets(1);
      expectEqual('the messages', receivedOn(link), [[0, 'still here']]);
      sendChannel(link, 0, { end: true });
      expectEqual('the close code after the last channel', await link.closes(), 1000);
    },
    needs,
  ),
  check(
    '[SN-49.7] ends a channel above the limit',
    async (x) => {
      const link = await shared(x);
      await openOnChannel(x, link);
      for (let c = 1; c <= 64; c++) sendChannel(link, c);
      await link.connection.until('an end', () => ended(link).length > 0 || undefined);
      expectEqual('the ended channels', ended(link), [64]);
      sendChannel(link, 63);
      await openOnChannel(x, link);
      link.message('the last one');
      await link.gets(1);
      expectEqual('the messages', receivedOn(link), [[63, 'the last one']]);
    },
    needs,
  ),
  check(
    '[SN-49.8] ends a channel that carries no session in time',
    async (x) => {
      const link = await shared(x);
      await openOnChannel(x, link);
      sendChannel(link, 1);
      link.record({ t: 'probe', pad: 'x' });
      await link.next('probe');
      sendChannel(link, 0);
      link.onItem = (item) => {
        if (item.kind === 'record' && item.record['t'] === 'ping') link.record({ t: 'pong', at: 0, ...noCounts });
      };
      await wait(x.settings.unattachedMs * 2 + 500);
      expectEqual('the ended channels', ended(link), [1]);
      link.message('still here');
      expectEqual('the messages', await link.gets(1), ['still here']);
    },
    { ...needs, waitMs: (settings) => settings.unattachedMs * 2 + 500 },
  ),
];

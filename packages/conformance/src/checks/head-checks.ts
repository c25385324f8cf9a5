import { type Check, check, wait } from '../check.js';
import { type Examiner, offered } from '../examiner.js';
import type { Fields } from '../item.js';
import { expectEqual } from '../mismatch.js';
import type { TestLink } from '../test-link.js';

const chosen = (link: TestLink): string | undefined => link.answer.headers.get('sec-websocket-protocol');

/** Opens and attaches a session within the handshake, and sends `from`. */
async function openInHandshake(
  x: Examiner,
  fields: Fields = {},
): Promise<{ readonly link: TestLink; readonly id: string }> {
  const link = await x.headed(x.openRecord({ instance: 7, ...fields }));
  const { id } = await link.next('opened');
  await link.next('attached');
  link.record({ t: 'from', first: 1 });
  return { link, id: String(id) };
}

const noCounts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };

/**
 * Checks of TR-40 in `docs/spec/transports.md` and SN-40 in `docs/spec/session.md`: a record in the opening handshake.
 */
export const headChecks: readonly Check[] = [
  check(
    '[TR-40.1] [TR-40.3] [SN-40.2] opens and attaches a session within the handshake, and confirms it',
    async (x) => {
      const { link } = await openInHandshake(x);
      expectEqual('the subprotocol', chosen(link), 'everywire.2.head');
      link.message('hello');
      expectEqual('the echoed messages', await link.gets(1), ['hello']);
    },
  ),
  check('[SN-40.1] resumes a session that attaches within the handshake', async (x) => {
    const { link, id } = await openInHandshake(x);
    link.message('one');
    await link.gets(1);
    link.connection.cut();
    const next = await x.headed({ t: 'attach', id, n: 2, instance: 7, ...noCounts, sent: 1 });
    expectEqual('received', (await next.next('attached'))['received'], 1);
    next.record({ t: 'from', first: 2 });
    next.message('two');
    expectEqual('the messages', await next.gets(2), ['one', 'two']);
  }),
  check('[TR-40.5] [TR-40.6] ignores an unreadable record in the handshake, and continues with frames', async (x) => {
    const heads = [
      'garbage',
      Buffer.from('[1]').toString('base64url'),
      Buffer.from('{"t":"open"}').toString('base64url'),
      Buffer.from('{"t":"from","first":1}').toString('base64url'),
      Buffer.from(JSON.stringify(x.openRecord({ instance: 7, pad: 'x'.repeat(3100) }))).toString('base64url'),
    ];
    for (const head of heads) {
      const link = await x.webSocket({ 'Sec-WebSocket-Protocol': offered(head) });
      expectEqual(`the subprotocol for ${head.slice(0, 40)}`, chosen(link), 'everywire.2');
      link.record(x.openRecord());
      await link.next('opened');
    }
  }),
  check('[SN-40.1] refuses an unknown session after the 101 response', async (x) => {
    const link = await x.headed({ t: 'attach', id: 'unknown', n: 1, instance: 1, ...noCounts });
    expectEqual('the subprotocol', chosen(link), 'everywire.2.head');
    expectEqual('the code', (await link.next('refused'))['code'], 'unknown');
    expectEqual('the close code', await link.closes(), 1000);
  }),
  check('[TR-17.3] closes a link with 1002 if it opens again after its handshake', async (x) => {
    const { link } = await openInHandshake(x);
    link.record(x.openRecord());
    expectEqual('the close code', await link.closes(), 1002);
  }),
  check(
    '[SN-14.1] [SN-40.3] opens the same session for a repeated handshake, and lets its first link attach again',
    async (x) => {
      const nonce = x.nonce();
      const { link: first, id } = await openInHandshake(x, { nonce });
      const second = await x.headed(x.openRecord({ instance: 7, nonce }));
      expectEqual('the session', (await second.next('opened'))['id'], id);
      await second.next('attached');
      expectEqual('the record on the first link', (await first.next('superseded'))['n'], 1);
      first.record({ t: 'attach', id, n: 2, instance: 7, ...noCounts });
      await first.next('attached');
      first.message('hello');
      expectEqual('the echoed messages', await first.gets(1), ['hello']);
    },
  ),
  check('[SN-40.3] does not attach the handshake of another instance to an attached session', async (x) => {
    const nonce = x.nonce();
    await openInHandshake(x, { nonce });
    const other = await x.headed(x.openRecord({ instance: 8, nonce }));
    await other.next('opened');
    other.record({ t: 'probe', pad: 'x' });
    await other.next('probe');
    expectEqual('attached records', other.records('attached').length, 0);
  }),
  check(
    '[SN-14.6] [SN-40.5] ends a session opened in a handshake as `unconfirmed` if no `from` follows',
    async (x) => {
      const open = x.openRecord({ instance: 7 });
      const link = await x.headed(open);
      await link.next('attached');
      await wait(x.settings.unconfirmedMs + 1_000);
      const verdict = await x.answerTo('open', open);
      expectEqual('the answer', [verdict['t'], verdict['code']], ['closed', 'unconfirmed']);
    },
    { waitMs: (settings) => settings.unconfirmedMs + 1_000 },
  ),
];

import { type Check, check, wait } from '../check.js';
import { type Examiner, offered } from '../examiner.js';
import type { Fields } from '../item.js';
import { expectEqual } from '../mismatch.js';
import type { TestLink } from '../test-link.js';

const chosen = (link: TestLink): string | undefined => link.answer.headers.get('sec-websocket-protocol');

/** A session opened and attached within the handshake; `from` said. */
async function openHeaded(x: Examiner, fields: Fields = {}): Promise<{ readonly link: TestLink; readonly id: string }> {
  const link = await x.headed(x.openRecord({ instance: 7, ...fields }));
  const { id } = await link.next('opened');
  await link.next('attached');
  link.record({ t: 'from', first: 1 });
  return { link, id: String(id) };
}

const noCounts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };

/** `docs/spec/transports.md` TR-40, `docs/spec/session.md` SN-40: a record in the opening handshake. */
export const headChecks: readonly Check[] = [
  check('[TR-40.1] [TR-40.3] [SN-40.2] opens and attaches within the handshake, and says that it did', async (x) => {
    const { link } = await openHeaded(x);
    expectEqual('the subprotocol', chosen(link), 'everywire.2.head');
    link.message('hello');
    expectEqual('what came back', await link.gets(1), ['hello']);
  }),
  check('[SN-40.1] goes on with a session that is attached within the handshake', async (x) => {
    const { link, id } = await openHeaded(x);
    link.message('one');
    await link.gets(1);
    link.connection.cut();
    const next = await x.headed({ t: 'attach', id, n: 2, instance: 7, ...noCounts, sent: 1 });
    expectEqual('received', (await next.next('attached'))['received'], 1);
    next.record({ t: 'from', first: 2 });
    next.message('two');
    expectEqual('what came', await next.gets(2), ['one', 'two']);
  }),
  check('[TR-40.5] [TR-40.6] takes for nothing said what it cannot read, and goes on in frames', async (x) => {
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
  check('[SN-40.1] refuses a session that is unknown behind the 101', async (x) => {
    const link = await x.headed({ t: 'attach', id: 'noUser', n: 1, instance: 1, ...noCounts });
    expectEqual('the subprotocol', chosen(link), 'everywire.2.head');
    expectEqual('the code', (await link.next('refused'))['code'], 'unknown');
    expectEqual('the close code', await link.closes(), 1000);
  }),
  check('[TR-17.3] closes with 1002 a link that opens again behind its handshake', async (x) => {
    const { link } = await openHeaded(x);
    link.record(x.openRecord());
    expectEqual('the close code', await link.closes(), 1002);
  }),
  check(
    '[SN-14.1] [SN-40.3] a handshake that is repeated is the same session, and its first link attaches again',
    async (x) => {
      const nonce = x.nonce();
      const { link: first, id } = await openHeaded(x, { nonce });
      const second = await x.headed(x.openRecord({ instance: 7, nonce }));
      expectEqual('the session', (await second.next('opened'))['id'], id);
      await second.next('attached');
      expectEqual('answerTo to the first', (await first.next('superseded'))['n'], 1);
      first.record({ t: 'attach', id, n: 2, instance: 7, ...noCounts });
      await first.next('attached');
      first.message('hello');
      expectEqual('what came back', await first.gets(1), ['hello']);
    },
  ),
  check('[SN-40.3] attaches nothing where another instance has attached', async (x) => {
    const nonce = x.nonce();
    await openHeaded(x, { nonce });
    const other = await x.headed(x.openRecord({ instance: 8, nonce }));
    await other.next('opened');
    other.record({ t: 'probe', pad: 'x' });
    await other.next('probe');
    expectEqual('heads', other.records('attached').length, 0);
  }),
  check(
    '[SN-14.6] [SN-40.5] a session opened in a handshake ends unconfirmed where no `from` comes',
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

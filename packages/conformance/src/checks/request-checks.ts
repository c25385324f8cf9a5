import { type Check, check, wait } from '../check.js';
import type { Examiner } from '../examiner.js';
import type { HandSession } from '../hand-session.js';
import type { Content } from '../item.js';
import { expectEqual, expectThat } from '../mismatch.js';
import type { TestLink } from '../test-link.js';
import { readUntil } from './encoding-checks.js';

async function joinTyped(x: Examiner): Promise<{ readonly session: HandSession; readonly link: TestLink }> {
  const session = await x.open({ features: 'typed' });
  const link = await session.attach('websocket');
  await link.next('attached');
  link.record({ t: 'from', first: 1 });
  return { session, link };
}

/** Returns a token that expires after this time. */
function shortToken(x: Examiner, milliseconds: number): string {
  return `${x.target.token}!${milliseconds}`;
}
const TOKEN_MS = 3_000;

/** Checks of `docs/spec/session.md`: requests, requested acknowledgements, and the renewal of ids and tokens. */
export const requestChecks: readonly Check[] = [
  check('[EN-18.3] reads and writes typed messages in frames and in JSON', async (x) => {
    const { session, link } = await joinTyped(x);
    session.send(link, ['q', 1, 'text'], ['q', 2, ['AAH/']]);
    const replies: readonly Content[] = [
      ['r', 1, 'text'],
      ['r', 2, ['AAH/']],
    ];
    expectEqual('in frames', await link.gets(2), replies);
    const other = await x.open({ features: 'typed' });
    await other.up([
      ['q', 1, 'text'],
      ['q', 2, ['AAH/']],
    ]);
    await readUntil(other, 'long-poll', 2);
    expectEqual('in JSON', other.got, replies);
    expectEqual('received and sum', (await other.up())['received'], 2);
  }),
  check('[EN-18.1] [EN-18.2] closes a link on a malformed typed message', async (x) => {
    for (const payload of ['\0["q"]', '\0["Q",1]', '\0["q",1,"a","b","c"]', '\0["q",0.5]', '\0["q",{}]', '\0[']) {
      const { session, link } = await joinTyped(x);
      link.frame({ opcode: 1, payload });
      expectEqual(`close code after ${payload.slice(1)}`, await link.closes(), 1002);
      expectEqual('the session', (await session.up())['t'], 'answer');
    }
  }),
  check('[SN-31.2] [SN-31.6] [SN-31.7] replies to requests, or sends an error with its code', async (x) => {
    const { session, link } = await joinTyped(x);
    session.send(link, ['q', 1, 'fail tried'], ['q', 2, ['not base64']], ['q', 3, 'last'], ['z', 4, 'unknown kind']);
    const codes = (await link.gets(3)).map((items) => (items as readonly unknown[]).slice(0, 3));
    expectEqual('the replies', codes, [
      ['e', 1, 'tried'],
      ['e', 2, 'malformed'],
      ['r', 3, 'last'],
    ]);
    session.send(link, 'alive');
    expectEqual('the message after an unknown kind', (await link.gets(4))[3], 'alive');
  }),
  check('[SN-31.2] sends a request to its client, and accepts the reply', async (x) => {
    const { session, link } = await joinTyped(x);
    session.send(link, 'ask question');
    const [asked] = await link.gets(1);
    const [kind, id, data] = asked as readonly unknown[];
    expectEqual('the request', [kind, data], ['q', 'question']);
    session.send(link, ['r', Number(id) + 1, 'of another request'], ['r', id, 'reply'], ['r', id, 'once more']);
    session.send(link, 'afterwards');
    expectEqual('the messages', (await link.gets(3)).slice(1).sort(), ['afterwards', 'replied reply']);
  }),
  check('[SN-31.1] [SN-19.3] sends no request to a client that does not support requests', async (x) => {
    const { session, link } = await x.join();
    session.send(link, 'ask question', 'afterwards');
    const contents = await link.gets(2);
    expectThat(
      'the messages',
      contents.every((content) => typeof content === 'string'),
      'only texts',
      contents,
    );
  }),
  check('[SN-30.2] immediately reports the receipt and the settlement of a message, if requested', async (x) => {
    const { session, link } = await x.join();
    session.send(link, 'slow 500');
    await link.gets(1);
    link.record({ t: 'ack', ...session.counts, want: 1 });
    const taken = await link.next('ack');
    expectEqual('received', taken['received'], 1);
    await link.connection.until('the settlement', () => session.seen === 1);
  }),
  check(
    '[SN-20.4] [SN-20.5] [TR-24] assigns a new id, and accepts the former one until the new one is used',
    async (x) => {
      const { session, link } = await x.join();
      session.send(link, 'rotate');
      const { id, instance } = await link.next('rotate');
      expectEqual('the recipient instance', instance, session.instance);
      expectThat('the new id', typeof id === 'string' && id !== session.id, 'another text', id);
      expectEqual('the former one, before the new one is used', (await session.up())['t'], 'answer');
      const former = session.id;
      session.id = String(id);
      expectEqual('the new one', (await session.up())['t'], 'answer');
      // Not `refused`: a late carrier must not make its client give up.
      expectEqual(
        'the former one, afterwards',
        (await x.post('up', { ...session.bodyRecord(), id: former })).status,
        503,
      );
      expectEqual('the session', (await session.up())['t'], 'answer');
    },
  ),
  check(
    '[SN-21.1] requests a new token before the current one expires, and continues with it',
    async (x) => {
      const session = await x.open({ token: shortToken(x, TOKEN_MS) });
      const link = await session.attach('websocket');
      await link.next('auth');
      link.record({ t: 'from', first: 1 });
      link.record({ t: 'auth', token: String(x.target.token) });
      await wait(TOKEN_MS);
      session.send(link, 'still here');
      expectEqual('the message after the first token expired', await link.gets(1), ['still here']);
    },
    { needsToken: true, waitMs: () => 2 * TOKEN_MS },
  ),
  check(
    '[SN-21.6] [SN-21.8] suspends a session whose token has expired, then ends it with `expired`',
    async (x) => {
      const session = await x.open({ token: shortToken(x, TOKEN_MS) });
      const link = await session.attach('fetch-stream');
      await link.next('auth');
      // The server asked for a new token at half the token's lifetime.
      await wait(TOKEN_MS / 2 + 500);
      expectEqual('received while suspended', (await session.up(['not delivered']))['received'], 1);
      await wait(x.settings.suspendedMs);
      expectEqual('the verdict', (await session.up())['code'], 'expired');
      expectEqual('messages', link.messages.length, 0);
    },
    { needsToken: true, waitMs: (settings) => 2 * TOKEN_MS + settings.suspendedMs },
  ),
];

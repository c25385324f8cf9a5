import { type Check, check } from '../check.js';
import type { Examiner } from '../examiner.js';
import type { HandSession } from '../hand-session.js';
import type { Fields } from '../item.js';
import { expectEqual } from '../mismatch.js';

/** Returns the fields that identify the recipient of an answer. */
const recipientOf = ({ n, instance, nonce }: Fields): Fields => ({ n, instance, nonce });

function expectRecipient(what: string, answer: Fields, { n, instance, nonce }: Partial<Record<string, unknown>>): void {
  expectEqual(what, recipientOf(answer), { n, instance, nonce });
}

/** Checks of `docs/spec/session.md`: the recipient of an answer, and the wire version. */
export const answerChecks: readonly Check[] = [
  check('[SN-41.1] echoes the nonce in the answer to an open', async (x) => {
    const record = x.openRecord();
    expectRecipient('opened', await x.answerTo('open', record), { nonce: record['nonce'] });
  }),
  ...['websocket', 'fetch-stream', 'event-stream', 'long-poll'].map((transport) =>
    check(`[SN-41.1] echoes the attach number and the instance at the head of a ${transport}`, async (x) => {
      const session = await x.open();
      session.n = 6;
      const link = await session.attach(transport, { prompt: true });
      expectRecipient('attached', await link.next('attached'), { n: 7, instance: session.instance });
    }),
  ),
  check('[SN-41.1] echoes the number and the instance of a body, also of a repeated one', async (x) => {
    const session = await x.open();
    for (const n of [1, 2, 9]) {
      expectRecipient(`answer ${n}`, await session.up([], { n }), { n, instance: session.instance });
      expectRecipient('the repeated answer', await session.up([], { n }), { n, instance: session.instance });
    }
  }),
  check('[SN-41.1] names the recipient instance in a `superseded` record', async (x) => {
    const session = await x.open();
    const link = await session.attach('websocket');
    await link.next('attached');
    await (await session.attach('websocket', { instance: session.instance + 1 })).next('attached');
    expectEqual('instance', (await link.next('superseded'))['instance'], session.instance);
  }),
  check('[SN-41.2] names the instance in a verdict and in a refusal', async (x) => {
    const session = await closedSession(x);
    expectEqual('closed', (await session.up())['instance'], session.instance);
    session.id = `${'A'.repeat(22)}${session.id.slice(22)}`;
    expectEqual('refused', (await session.up())['instance'], session.instance);
  }),
  check('[SN-41.2] echoes the nonce when it answers an open with a verdict', async (x) => {
    const { nonce } = await closedSession(x);
    expectRecipient('closed', await x.answerTo('open', x.openRecord({ nonce })), { nonce });
  }),
  check('[SN-5.8] ends a session whose client received a message with one damaged byte', async (x) => {
    const { session, link } = await x.join();
    session.reads = (text) => text.replace('100', '900');
    session.send(link, 'pay 100 to bob, and keep the rest of it');
    await link.gets(1);
    const answer = await session.up();
    expectEqual('the answer', [answer['t'], answer['code']], ['closed', 'lost']);
  }),
  check('[SN-42.2] refuses to open a session for a client with another wire version', async (x) => {
    for (const version of [undefined, 1, 3]) {
      const answer = await x.answerTo('open', x.openRecord({ version }));
      expectEqual(`the answer to version ${version}`, [answer['t'], answer['code']], ['refused', 'wire_version']);
    }
    expectEqual('version', (await x.answerTo('open', x.openRecord()))['version'], 2);
  }),
];

async function closedSession(x: Examiner): Promise<HandSession> {
  const session = await x.open();
  await session.up(['end over']);
  while ((await session.up())['t'] !== 'closed') await new Promise((resolve) => setTimeout(resolve, 20));
  return session;
}

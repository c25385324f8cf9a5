import { type Check, check } from '../check.js';
import type { Examiner } from '../examiner.js';
import type { HandSession } from '../hand-session.js';
import type { Fields } from '../item.js';
import { expectEqual } from '../mismatch.js';

/** What an answer says of whom it is for. */
const namedIn = ({ n, instance, nonce }: Fields): Fields => ({ n, instance, nonce });

function expectNamed(what: string, answer: Fields, { n, instance, nonce }: Partial<Record<string, unknown>>): void {
  expectEqual(what, namedIn(answer), { n, instance, nonce });
}

/** `docs/spec/session.md`: which client an answer is for, and which version of the wire it speaks. */
export const answerChecks: readonly Check[] = [
  check('[SN-41.1] repeats the nonce in the answer to an open', async (x) => {
    const record = x.openRecord();
    expectNamed('opened', await x.answerTo('open', record), { nonce: record['nonce'] });
  }),
  ...['websocket', 'fetch-stream', 'event-stream', 'long-poll'].map((transport) =>
    check(`[SN-41.1] repeats number and instance at the head of a ${transport}`, async (x) => {
      const session = await x.open();
      session.n = 6;
      const link = await session.attach(transport, { prompt: true });
      expectNamed('attached', await link.next('attached'), { n: 7, instance: session.instance });
    }),
  ),
  check('[SN-41.1] repeats number and instance of a body, of a repeated one too', async (x) => {
    const session = await x.open();
    for (const n of [1, 2, 9]) {
      expectNamed(`answer ${n}`, await session.up([], { n }), { n, instance: session.instance });
      expectNamed('once more', await session.up([], { n }), { n, instance: session.instance });
    }
  }),
  check('[SN-41.1] names the instance to which it says that another attach has come', async (x) => {
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
  check('[SN-41.2] repeats the nonce where an open is answered with a verdict', async (x) => {
    const { nonce } = await closedSession(x);
    expectNamed('closed', await x.answerTo('open', x.openRecord({ nonce })), { nonce });
  }),
  check('[SN-5.8] ends the session of a client that got one byte in the middle of a message wrong', async (x) => {
    const { session, link } = await x.join();
    session.reads = (text) => text.replace('100', '900');
    session.send(link, 'pay 100 to bob, and keep the rest of it');
    await link.gets(1);
    const answerTo = await session.up();
    expectEqual('the answer', [answerTo['t'], answerTo['code']], ['closed', 'lost']);
  }),
  check('[SN-42.2] opens no session for a client of another version', async (x) => {
    for (const version of [undefined, 1, 3]) {
      const answerTo = await x.answerTo('open', x.openRecord({ version }));
      expectEqual(`the answer to version ${version}`, [answerTo['t'], answerTo['code']], ['refused', 'wire_version']);
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

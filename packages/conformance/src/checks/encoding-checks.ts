import { type Check, check, over, wait } from '../check.js';
import type { Examiner } from '../examiner.js';
import type { HandSession } from '../hand-session.js';
import type { Content } from '../item.js';
import { expectEqual, expectThat, Mismatch } from '../mismatch.js';
import { duplexTransports } from '../test-link.js';
import { byTicket } from './by-ticket.js';

const transports = [...duplexTransports, 'event-stream', 'fetch-stream', 'long-poll'];
/** Transports that a server may lack. */
const optional = [
  'multipart-stream',
  'xhr-stream',
  'short-poll',
  'xdr-stream',
  'xdr-poll',
  'iframe-stream',
  'jsonp-poll',
];

/** Strings that break careless encodings. */
const trickyTexts: readonly string[] = [
  '',
  '\0',
  '\0\0two',
  '\0{"t":"ping"}',
  '\ufeffmark',
  'a\r\nb\rc\nd',
  '\u2028\u2029</script>',
  'data: x\n\n',
  '"\\\u0001\u007f',
  '𝄞é中',
];
const trickyBytes: readonly Content[] = [[], [0], [0, 10, 13, 255], [250, 251]].map((bytes) => Uint8Array.from(bytes));

function shown(contents: readonly Content[]): readonly unknown[] {
  return contents.map((content) => (content instanceof Uint8Array ? [...content] : content));
}

/** Transports that only a GET opens. */
const byElement: ReadonlySet<string> = new Set(['iframe-stream', 'jsonp-poll']);

/** Reads on this transport until the session has received `count` messages; attaches again when an answer ends. */
export async function readUntil(session: HandSession, transport: string, count: number): Promise<void> {
  while (session.got.length < count) {
    if (session.closed !== null) throw new Mismatch('the session', 'to be alive', session.closed);
    const link = byElement.has(transport) ? await byTicket(session, transport) : await session.attach(transport);
    await link.connection.until(`${count} messages`, () => link.ended || session.got.length >= count);
    const [pause] = link.records('wait');
    if (pause !== undefined) await wait(Number(pause['ms']));
  }
}

function echoCheck(transport: string): [name: string, run: Check['run']] {
  return [
    `[EN-3] carries every string and all bytes unchanged over ${transport}`,
    async (x) => {
      const session = await x.open();
      const contents = [...trickyTexts, ...trickyBytes];
      await session.up(contents);
      await readUntil(session, transport, contents.length);
      expectEqual('the echoed messages', shown(session.got), shown(contents));
    },
  ];
}

/** Checks that a body is refused with 400 `malformed`, and that the session survives it. */
async function expectMalformed(x: Examiner, what: string, session: HandSession, body: unknown): Promise<void> {
  const answer = await x.post('up', body);
  expectEqual(`status of ${what}`, answer.status, 400);
  expectEqual(`code of ${what}`, (await answer.json())?.['code'], 'malformed');
  expectEqual(`the session after ${what}`, (await session.up())['t'], 'answer');
}

/** Checks of the rules of `docs/spec/encodings.md` that are visible on a server. */
export const encodingChecks: readonly Check[] = [
  ...transports.map((transport) => check(...echoCheck(transport), over(transport))),
  ...optional.map((transport) => check(...echoCheck(transport), { needs: transport })),
  check('[EN-4] strips one U+0000 from a text frame that begins with two', async (x) => {
    const { session, link } = await x.join();
    session.sent += 2;
    link.frame({ opcode: 1, payload: '\0\0a' });
    link.frame({ opcode: 2, payload: Buffer.of(0, 0, 97) });
    expectEqual('the echoed messages', shown(await link.gets(2)), ['\0a', [0, 0, 97]]);
  }),
  check('[EN-5] closes a link on a text frame that begins with U+0000 and is not a record', async (x) => {
    for (const payload of ['\0', '\0x', '\0[]', '\0{"no":"t"}', '\0{"t":5}']) {
      const { session, link } = await x.join();
      link.frame({ opcode: 1, payload });
      expectEqual(`close code after ${JSON.stringify(payload)}`, await link.closes(), 1002);
      expectEqual('the session', (await session.up())['t'], 'answer');
    }
  }),
  check('[EN-6] ends each line of a poll with LF, without CR', async (x) => {
    const session = await x.open();
    await session.up(['a', 'b']);
    const link = await session.attach('long-poll');
    await link.ends();
    const text = link.answer.body.bytes.toString();
    const lines = text.split('\n');
    expectEqual('the last line', lines.at(-1), '');
    expectEqual(
      'the messages',
      lines.slice(1, -1).map((line) => line.trimEnd()),
      ['"a"', '"b"'],
    );
    expectThat('the lines', !text.includes('\r'), 'no CR', text);
  }),
  check('[EN-10] refuses messages without a count, or with a wrong one', async (x) => {
    const session = await x.open();
    const body = session.bodyRecord();
    await expectMalformed(x, 'm without count', session, { ...body, first: 1, count: undefined, m: ['a'] });
    await expectMalformed(x, 'a count too high', session, { ...body, first: 1, count: 2, m: ['a'] });
    await expectMalformed(x, 'a count without m', session, { ...body, first: 1, count: 1 });
    expectEqual('received', (await session.up())['received'], 0);
  }),
  check('[EN-11] refuses a body with too many nested levels or values before parsing it', async (x) => {
    const session = await x.open();
    await expectMalformed(x, 'a deep body', session, `{"t":${'['.repeat(9)}${']'.repeat(9)}}`);
    const many = await x.post('up', {
      ...session.bodyRecord(),
      m: Array.from({ length: 5_000 }, () => 'a'),
      count: 5_000,
    });
    expectEqual('status of many values', many.status, 413);
    expectEqual('code of many values', (await many.json())?.['code'], 'too_many');
  }),
  check('[EN-12] refuses a control record among the messages', async (x) => {
    const session = await x.open();
    const body = { ...session.bodyRecord(), first: 1, count: 1 };
    await expectMalformed(x, 'a record in m', session, { ...body, m: [{ t: 'ack', ...session.counts }] });
    await expectMalformed(x, 'a number in m', session, { ...body, m: [5] });
    await expectMalformed(x, 'an unknown array', session, { ...body, m: [['YQ==', 'YQ==']] });
  }),
  check('[EN-13] refuses base64 that is not canonical', async (x) => {
    const session = await x.open();
    for (const text of ['YQ', 'YR==', 'Y Q=', 'YQ=', 'a-_b', 'YQ==YQ=='])
      await expectMalformed(x, text, session, { ...session.bodyRecord(), first: 1, count: 1, m: [[text]] });
  }),
];

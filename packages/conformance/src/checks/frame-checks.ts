import { type Check, check, over } from '../check.js';
import type { Examiner } from '../examiner.js';
import { type FrameParts, readFrames } from '../frames.js';
import { expectEqual, expectThat } from '../mismatch.js';
import { duplexTransports } from '../test-link.js';

/** Bytes that must fail the connection, and with which code. They go to a link that carries a session, which must survive. */
async function fails(
  examiner: Examiner,
  transport: string,
  code: number,
  what: string,
  ...parts: readonly (FrameParts | Buffer)[]
): Promise<void> {
  const { session, link } = await examiner.join(transport);
  for (const part of parts) {
    if ('opcode' in part) link.frame(part);
    else link.connection.write(part);
  }
  expectEqual(`close code after ${what}`, await link.closes(), code);
  expectEqual(`the session after ${what}`, (await session.up())['t'], 'answer');
}

/** The first byte of a text frame, and a length of eight bytes, of which the content does not come. */
function header(length: number, transport: string): Buffer {
  const masked = transport === 'websocket';
  const head = Buffer.alloc(masked ? 14 : 10);
  head[0] = 0x81;
  head[1] = (masked ? 0x80 : 0) | 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** What holds of the frames of every two-way link. */
function framesOf(transport: string): readonly Check[] {
  const by = (name: string, run: Check['run']): Check => check(`${name} by ${transport}`, run, over(transport));
  return [
    by('[FR-2] fails a reserved bit', async (x) => {
      for (const reserved of [4, 2, 1])
        await fails(x, transport, 1002, `bit ${reserved}`, { opcode: 2, payload: 'a', reserved });
    }),
    by('[FR-3] fails a reserved opcode', async (x) => {
      for (const opcode of [3, 7, 11, 15]) await fails(x, transport, 1002, `opcode ${opcode}`, { opcode });
    }),
    by('[FR-4] fails a length that is not in its shortest form', async (x) => {
      for (const lengthBytes of [2, 8] as const)
        await fails(x, transport, 1002, `${lengthBytes} bytes`, { opcode: 1, payload: 'short', lengthBytes });
      const highest = header(0, transport);
      highest[2] = 0x80;
      await fails(x, transport, 1002, 'the highest bit', highest);
    }),
    by('[FR-5] fails a control frame that is long, or not final', async (x) => {
      await fails(x, transport, 1002, '126 bytes', { opcode: 9, payload: 'x'.repeat(126) });
      await fails(x, transport, 1002, 'a fragment', { opcode: 9, final: false });
    }),
    by('[FR-6] fails a continuation of nothing, and a message within a message', async (x) => {
      await fails(x, transport, 1002, 'a continuation', { opcode: 0, payload: 'a' });
      await fails(
        x,
        transport,
        1002,
        'a message within',
        { opcode: 1, payload: 'a', final: false },
        { opcode: 1, payload: 'b' },
      );
    }),
    by('[FR-7] takes a control frame between the fragments of a message', async (x) => {
      const { session, link } = await x.join(transport);
      link.frame({ opcode: 1, payload: 'hel', final: false });
      link.frame({ opcode: 9, payload: 'between' });
      await link.connection.until('a pong', () =>
        readFrames(link.answer.body.bytes).find(({ opcode }) => opcode === 10),
      );
      session.sent += 1;
      link.frame({ opcode: 0, payload: 'lo' });
      expectEqual('the message', await link.gets(1), ['hello']);
    }),
    by('[FR-8] fails text that is not UTF-8, at the first byte that cannot be right', async (x) => {
      await fails(x, transport, 1007, 'a lone continuation byte', { opcode: 1, payload: Buffer.of(0x61, 0x80) });
      await fails(x, transport, 1007, 'a surrogate', { opcode: 1, payload: Buffer.of(0xed, 0xa0, 0x80) });
      await fails(x, transport, 1007, 'a fragment', { opcode: 1, payload: Buffer.of(0x61, 0xff), final: false });
    }),
    by('[FR-9] answers a close frame, and fails one that is malformed', async (x) => {
      const { link } = await x.join(transport);
      link.frame({ opcode: 8, payload: Buffer.of(0x03, 0xe8) });
      expectEqual('the answer to 1000', await link.closes(), 1000);
      await fails(x, transport, 1002, 'one byte', { opcode: 8, payload: Buffer.of(3) });
      await fails(x, transport, 1002, 'code 1005', { opcode: 8, payload: Buffer.of(0x03, 0xed) });
      await fails(x, transport, 1002, 'code 999', { opcode: 8, payload: Buffer.of(0x03, 0xe7) });
      await fails(x, transport, 1007, 'a reason that is not UTF-8', {
        opcode: 8,
        payload: Buffer.of(0x03, 0xe8, 0xff),
      });
    }),
    by('[FR-10] takes nothing after a close frame', async (x) => {
      const { session, link } = await x.join(transport);
      link.connection.write(
        Buffer.concat([link.frameBytes({ opcode: 8 }), link.frameBytes({ opcode: 1, payload: 'late' })]),
      );
      await link.closes();
      expectEqual('received', (await session.up())['received'], 0);
    }),
    by('[FR-11] fails a message above the limit by its header alone', async (x) => {
      const { messageBytesMax } = (await x.open()).limits;
      await fails(x, transport, 1009, 'its header', header(Math.max(messageBytesMax, 16_384) + 2, transport));
      await fails(x, transport, 1009, 'a header of 2^53', header(2 ** 53, transport));
      const half = Buffer.alloc(Math.ceil(Math.max(messageBytesMax, 16_384) / 2) + 2, 0x61);
      await fails(
        x,
        transport,
        1009,
        'two halves',
        { opcode: 1, payload: half, final: false },
        { opcode: 0, payload: half },
      );
    }),
    by('[FR-12] fails a message in too many fragments', async (x) => {
      const { fragmentsMax } = x.settings;
      const parts = Array.from({ length: fragmentsMax + 1 }, (_, at) => ({ opcode: at === 0 ? 1 : 0, final: false }));
      await fails(x, transport, 1009, `${fragmentsMax + 1} of them`, ...parts);
    }),
    by('[FR-13] reads the same from bytes that come one by one', async (x) => {
      const { session, link } = await x.join(transport);
      session.sent += 2;
      link.at += 2;
      for (const payload of ['one', 'zwölf']) {
        for (const byte of link.frameBytes({ opcode: 1, payload })) {
          link.connection.write(Buffer.of(byte));
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      expectEqual('the messages', await link.gets(2), ['one', 'zwölf']);
    }),
    by('[FR-18] sends frames that are final, unmasked and of the shortest length', async (x) => {
      const { session, link } = await x.join(transport);
      for (const length of [100, 125, 126, 4_000]) session.send(link, `fill 3 ${length}`);
      session.send(link, Uint8Array.of(1, 2, 3));
      await link.gets(13);
      const wrong = readFrames(link.answer.body.bytes).filter(
        ({ final, masked, reserved, shortest }) => !final || masked || reserved !== 0 || !shortest,
      );
      expectThat('frames of the server', wrong.length === 0, 'none that is wrong', wrong);
    }),
  ];
}

/** RFC 6455, as `docs/spec/frames.md` has it. */
export const frameChecks: readonly Check[] = [
  check('[FR-1] fails an unmasked frame', async (x) => {
    const { link } = await x.join();
    link.frame({ opcode: 1, payload: 'unmasked', masked: false });
    const seen = await link.connection.until('a close frame', () => link.closeCode ?? link.messages[0]);
    expectEqual('the answer', seen, 1002);
  }),
  check('[FR-14] takes off the mask, whatever the length', async (x) => {
    const { session, link } = await x.join();
    const texts = [0, 1, 2, 3, 4, 5, 125, 126, 127, 5_000].map((length) => 'abcdefg'.repeat(800).slice(0, length));
    session.send(link, ...texts);
    expectEqual('the messages', await link.gets(texts.length), texts);
  }),
  ...duplexTransports.flatMap(framesOf),
];

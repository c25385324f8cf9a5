import { type Check, check, over } from '../check.js';
import type { Examiner } from '../examiner.js';
import { type FrameParts, readFrames } from '../frames.js';
import { expectEqual, expectThat } from '../mismatch.js';
import { duplexTransports } from '../test-link.js';

/** Sends these bytes on a link, and checks that the link closes with this code and that its session survives. */
async function expectFailure(
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

/** Returns the header of a text frame with an eight-byte length, without any content. */
function header(length: number, transport: string): Buffer {
  const masked = transport === 'websocket';
  const head = Buffer.alloc(masked ? 14 : 10);
  head[0] = 0x81;
  head[1] = (masked ? 0x80 : 0) | 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** Returns the checks for the frames of a two-way link. */
function framesOf(transport: string): readonly Check[] {
  const onLink = (name: string, run: Check['run']): Check => check(`${name} over ${transport}`, run, over(transport));
  return [
    onLink('[FR-2] fails a frame with a reserved bit', async (x) => {
      for (const reserved of [4, 2, 1])
        await expectFailure(x, transport, 1002, `bit ${reserved}`, { opcode: 2, payload: 'a', reserved });
    }),
    onLink('[FR-3] fails a frame with a reserved opcode', async (x) => {
      for (const opcode of [3, 7, 11, 15]) await expectFailure(x, transport, 1002, `opcode ${opcode}`, { opcode });
    }),
    onLink('[FR-4] fails a frame whose length is not in the shortest form', async (x) => {
      for (const lengthBytes of [2, 8] as const)
        await expectFailure(x, transport, 1002, `${lengthBytes} bytes`, { opcode: 1, payload: 'short', lengthBytes });
      const highest = header(0, transport);
      highest[2] = 0x80;
      await expectFailure(x, transport, 1002, 'the highest bit', highest);
    }),
    onLink('[FR-5] fails a control frame that is too long or fragmented', async (x) => {
      await expectFailure(x, transport, 1002, '126 bytes', { opcode: 9, payload: 'x'.repeat(126) });
      await expectFailure(x, transport, 1002, 'a fragment', { opcode: 9, final: false });
    }),
    onLink('[FR-6] fails a continuation without a message, and a message inside a fragmented one', async (x) => {
      await expectFailure(x, transport, 1002, 'a continuation', { opcode: 0, payload: 'a' });
      await expectFailure(
        x,
        transport,
        1002,
        'a message within',
        { opcode: 1, payload: 'a', final: false },
        { opcode: 1, payload: 'b' },
      );
    }),
    onLink('[FR-7] accepts a control frame between the fragments of a message', async (x) => {
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
    onLink('[FR-8] fails invalid UTF-8 at the first wrong byte', async (x) => {
      await expectFailure(x, transport, 1007, 'a lone continuation byte', {
        opcode: 1,
        payload: Buffer.of(0x61, 0x80),
      });
      await expectFailure(x, transport, 1007, 'a surrogate', { opcode: 1, payload: Buffer.of(0xed, 0xa0, 0x80) });
      await expectFailure(x, transport, 1007, 'a fragment', {
        opcode: 1,
        payload: Buffer.of(0x61, 0xff),
        final: false,
      });
    }),
    onLink('[FR-9] answers a close frame, and fails a malformed one', async (x) => {
      const { link } = await x.join(transport);
      link.frame({ opcode: 8, payload: Buffer.of(0x03, 0xe8) });
      expectEqual('the answer to 1000', await link.closes(), 1000);
      await expectFailure(x, transport, 1002, 'one byte', { opcode: 8, payload: Buffer.of(3) });
      await expectFailure(x, transport, 1002, 'code 1005', { opcode: 8, payload: Buffer.of(0x03, 0xed) });
      await expectFailure(x, transport, 1002, 'code 999', { opcode: 8, payload: Buffer.of(0x03, 0xe7) });
      await expectFailure(x, transport, 1007, 'a reason that is not UTF-8', {
        opcode: 8,
        payload: Buffer.of(0x03, 0xe8, 0xff),
      });
    }),
    onLink('[FR-10] ignores frames after a close frame', async (x) => {
      const { session, link } = await x.join(transport);
      link.connection.write(
        Buffer.concat([link.frameBytes({ opcode: 8 }), link.frameBytes({ opcode: 1, payload: 'late' })]),
      );
      await link.closes();
      expectEqual('received', (await session.up())['received'], 0);
    }),
    onLink('[FR-11] fails a message above the limit as soon as its header arrives', async (x) => {
      const { messageBytesMax } = (await x.open()).limits;
      await expectFailure(x, transport, 1009, 'its header', header(Math.max(messageBytesMax, 16_384) + 2, transport));
      await expectFailure(x, transport, 1009, 'a header of 2^53', header(2 ** 53, transport));
      const half = Buffer.alloc(Math.ceil(Math.max(messageBytesMax, 16_384) / 2) + 2, 0x61);
      await expectFailure(
        x,
        transport,
        1009,
        'two halves',
        { opcode: 1, payload: half, final: false },
        { opcode: 0, payload: half },
      );
    }),
    onLink('[FR-12] fails a message with too many fragments', async (x) => {
      const { fragmentsMax } = x.settings;
      const parts = Array.from({ length: fragmentsMax + 1 }, (_, at) => ({ opcode: at === 0 ? 1 : 0, final: false }));
      await expectFailure(x, transport, 1009, `${fragmentsMax + 1} fragments`, ...parts);
    }),
    onLink('[FR-13] reads frames that arrive byte by byte', async (x) => {
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
    onLink('[FR-18] sends final, unmasked frames with lengths in the shortest form', async (x) => {
      const { session, link } = await x.join(transport);
      for (const length of [100, 125, 126, 4_000]) session.send(link, `fill 3 ${length}`);
      session.send(link, Uint8Array.of(1, 2, 3));
      await link.gets(13);
      const wrong = readFrames(link.answer.body.bytes).filter(
        ({ final, masked, reserved, shortest }) => !final || masked || reserved !== 0 || !shortest,
      );
      expectThat('frames of the server', wrong.length === 0, 'no malformed frame', wrong);
    }),
  ];
}

/** Checks of RFC 6455, as specified in `docs/spec/frames.md`. */
export const frameChecks: readonly Check[] = [
  check('[FR-1] fails an unmasked frame', async (x) => {
    const { link } = await x.join();
    link.frame({ opcode: 1, payload: 'unmasked', masked: false });
    const seen = await link.connection.until('a close frame', () => link.closeCode ?? link.messages[0]);
    expectEqual('the answer', seen, 1002);
  }),
  check('[FR-14] unmasks messages of every length', async (x) => {
    const { session, link } = await x.join();
    const texts = [0, 1, 2, 3, 4, 5, 125, 126, 127, 5_000].map((length) => 'abcdefg'.repeat(800).slice(0, length));
    session.send(link, ...texts);
    expectEqual('the messages', await link.gets(texts.length), texts);
  }),
  ...duplexTransports.flatMap(framesOf),
];

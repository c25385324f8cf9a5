import { type Check, check, over } from '../check.js';
import type { Examiner } from '../examiner.js';
import type { FrameParts } from '../frames.js';
import { expectEqual, expectThat } from '../mismatch.js';
import { duplexTransports, type TestLink } from '../test-link.js';

/** Waits for the end of the connection, which comes by itself, not when the time for a reply is over. */
async function endsSoon(x: Examiner, link: TestLink, what: string): Promise<void> {
  const began = performance.now();
  await link.connection.untilEnded(`the end of the connection after ${what}`);
  const took = Math.round(performance.now() - began);
  const { closeFrameMs } = x.settings;
  expectThat(`the time it took after ${what}`, took < closeFrameMs / 2, `far below ${closeFrameMs} ms`, took);
}

function endingsOf(transport: string): readonly Check[] {
  const by = (name: string, run: Check['run']): Check => check(`${name} by ${transport}`, run, over(transport));
  return [
    by('[TR-45] ends the TCP connection first, after both close frames', async (x) => {
      const { link } = await x.join(transport);
      link.frame({ opcode: 8, payload: Buffer.of(0x03, 0xe9) });
      expectEqual('close code', await link.closes(), 1001);
      await endsSoon(x, link, 'its answer');
    }),
    by('[TR-45] ends the TCP connection after the reply to a close frame of its own', async (x) => {
      const { link } = await x.join(transport);
      link.record({ t: 'ack', ack: -1 });
      expectEqual('close code', await link.closes(), 1002);
      link.message('late');
      link.frame({ opcode: 8, payload: Buffer.of(0x03, 0xea) });
      await endsSoon(x, link, 'the reply');
    }),
    by('[TR-46.1] [TR-46.2] ends the TCP connection after an error, whether it is answered or not', async (x) => {
      const errors: Readonly<Record<number, FrameParts>> = {
        1002: { opcode: 1, payload: 'a', reserved: 1 },
        1007: { opcode: 1, payload: Buffer.of(0x61, 0xff) },
      };
      for (const [code, parts] of Object.entries(errors)) {
        for (const answered of [true, false]) {
          const { link } = await x.join(transport);
          link.frame(parts);
          expectEqual('close code', await link.closes(), Number(code));
          if (answered) link.frame({ opcode: 8, payload: Buffer.of(Number(code) >> 8, Number(code) & 255) });
          await endsSoon(x, link, answered ? `the reply to ${code}` : `its ${code}`);
        }
      }
    }),
    check(
      `[TR-47] ends the TCP connection in its time, whatever comes instead of a reply by ${transport}`,
      async (x) => {
        const { closeFrameMs } = x.settings;
        const { link } = await x.join(transport);
        link.record({ t: 'ack', ack: -1 });
        await link.closes();
        const began = performance.now();
        const sending = setInterval(() => link.frame({ opcode: 9, payload: 'still there' }), 100);
        const timer = setTimeout(() => link.connection.cut('a connection that stays open'), closeFrameMs * 2);
        try {
          await link.connection.untilEnded('the end of a connection that sends no close frame');
        } finally {
          clearInterval(sending);
          clearTimeout(timer);
        }
        const took = Math.round(performance.now() - began);
        expectThat('the time it took', took < closeFrameMs * 2, `about ${closeFrameMs} ms`, took);
      },
      { ...over(transport), waitMs: (settings) => settings.closeFrameMs },
    ),
  ];
}

/** `docs/spec/transports.md`: how a two-way link and its TCP connection end. */
export const endingChecks: readonly Check[] = duplexTransports.flatMap(endingsOf);

import { type Check, check, over } from '../check.js';
import type { Examiner } from '../examiner.js';
import type { FrameParts } from '../frames.js';
import { expectEqual, expectThat } from '../mismatch.js';
import { duplexTransports, type TestLink } from '../test-link.js';

/** Waits for the server to close the connection, and checks that it does so before the close timeout. */
async function endsSoon(x: Examiner, link: TestLink, what: string): Promise<void> {
  const began = performance.now();
  await link.connection.untilEnded(`the end of the connection after ${what}`);
  const took = Math.round(performance.now() - began);
  const { closeFrameMs } = x.settings;
  expectThat(`the time it took after ${what}`, took < closeFrameMs / 2, `far below ${closeFrameMs} ms`, took);
}

function endingsOf(transport: string): readonly Check[] {
  const onLink = (name: string, run: Check['run']): Check => check(`${name} over ${transport}`, run, over(transport));
  return [
    onLink('[TR-45] closes the TCP connection first, after both close frames', async (x) => {
      const { link } = await x.join(transport);
      link.frame({ opcode: 8, payload: Buffer.of(0x03, 0xe9) });
      expectEqual('close code', await link.closes(), 1001);
      await endsSoon(x, link, 'its answer');
    }),
    onLink('[TR-45] closes the TCP connection after the reply to its own close frame', async (x) => {
      const { link } = await x.join(transport);
      link.record({ t: 'ack', ack: -1 });
      expectEqual('close code', await link.closes(), 1002);
      link.message('late');
      link.frame({ opcode: 8, payload: Buffer.of(0x03, 0xea) });
      await endsSoon(x, link, 'the reply');
    }),
    onLink('[TR-46.1] [TR-46.2] closes the TCP connection after an error, with or without a reply', async (x) => {
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
      `[TR-47] closes the TCP connection in time if other frames arrive instead of a reply over ${transport}`,
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

/** Checks of `docs/spec/transports.md`: how a two-way link and its TCP connection end. */
export const endingChecks: readonly Check[] = duplexTransports.flatMap(endingsOf);

import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Check, check } from '../check.js';
import { type Frame, readFrames } from '../frames.js';
import type { Link } from '../link.js';
import { expectEqual, expectThat } from '../mismatch.js';

/** RFC 7692 section 7.2.1: the last four bytes of a flush are left out. */
function deflate(text: string): Buffer {
  return deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

function inflate({ reserved, payload }: Frame): string {
  if (reserved === 0) return payload.toString();
  const whole = Buffer.concat([payload, Buffer.of(0, 0, 0xff, 0xff)]);
  return inflateRawSync(whole, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
}

async function texts(link: Link, count: number): Promise<readonly string[]> {
  const isText = (frame: Frame): boolean => frame.opcode === 1 && !inflate(frame).startsWith('\0');
  return link.connection.until(`${count} messages`, () => {
    const found = readFrames(link.answer.body.bytes).filter(isText);
    return found.length >= count ? found.map(inflate) : undefined;
  });
}

/** permessage-deflate, which a server may decline: then there is nothing to see but that it did. */
export const deflateChecks: readonly Check[] = [
  check('[FR-22] takes and gives compressed messages without a context, or declines', async (x) => {
    const session = await x.open();
    const link = await x.webSocket({ 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' });
    const accepted = link.answer.headers.get('sec-websocket-extensions');
    if (accepted === undefined) return;
    const parameters = accepted.split(';').map((part) => part.trim());
    expectEqual('the extension', parameters[0], 'permessage-deflate');
    for (const wanted of ['server_no_context_takeover', 'client_no_context_takeover'])
      expectThat('parameters', parameters.includes(wanted), wanted, accepted);
    link.record(session.attachRecord());
    await link.next('attached');
    link.record({ t: 'from', first: 1 });
    const long = 'compressed '.repeat(500);
    for (const text of [long, long]) link.frame({ opcode: 1, payload: deflate(text), reserved: 4 });
    link.frame({ opcode: 1, payload: 'plain' });
    expectEqual('what came back', await texts(link, 3), [long, long, 'plain']);
  }),
  check('[FR-22] fails a compressed message above the limit, and one that is damaged', async (x) => {
    for (const [code, payload] of [
      [1009, deflate('x'.repeat(8 << 20))],
      [1007, Buffer.of(0xff, 0xff, 0xff)],
    ] as const) {
      const session = await x.open();
      const link = await x.webSocket({ 'Sec-WebSocket-Extensions': 'permessage-deflate' });
      if (!link.answer.headers.has('sec-websocket-extensions')) return;
      link.record(session.attachRecord());
      link.record({ t: 'from', first: 1 });
      link.frame({ opcode: 1, payload, reserved: 4 });
      expectEqual('close code', await link.closes(), code);
    }
  }),
];

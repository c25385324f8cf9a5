import { randomBytes } from 'node:crypto';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Check, check } from '../check.js';
import { type ParsedFrame, readFrames } from '../frames.js';
import { expectEqual, expectThat } from '../mismatch.js';
import type { TestLink } from '../test-link.js';

/** Compresses a text, without the last four bytes of the flush (RFC 7692 section 7.2.1). */
function deflate(text: string): Buffer {
  return deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

/**
 * Decompresses a message.
 *
 * @param window bits of the client's window. zlib reads further back within the chunk that it fills, so chunks are
 * small.
 * @returns the text, or zlib's error if the message needs a larger window
 */
function inflate({ reserved, payload }: ParsedFrame, window: number): string {
  if (reserved === 0) return payload.toString();
  const whole = Buffer.concat([payload, Buffer.of(0, 0, 0xff, 0xff)]);
  try {
    return inflateRawSync(whole, { finishFlush: constants.Z_SYNC_FLUSH, windowBits: window, chunkSize: 64 }).toString();
  } catch (error) {
    return String(error);
  }
}

async function texts(link: TestLink, count: number, window = 15): Promise<readonly string[]> {
  return link.connection.until(`${count} messages`, () => {
    const frames = readFrames(link.answer.body.bytes).filter(({ opcode }) => opcode === 1);
    const found = frames.map((frame) => inflate(frame, window)).filter((text) => !text.startsWith('\0'));
    return found.length >= count ? found : undefined;
  });
}

/** Checks of permessage-deflate. A server may decline the extension; a check that sees this passes. */
export const deflateChecks: readonly Check[] = [
  check('[FR-22.1] exchanges compressed messages without context takeover, or declines', async (x) => {
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
    expectEqual('the echoed messages', await texts(link, 3), [long, long, 'plain']);
  }),
  check('[FR-22.1] respects the window size of the client, or declines', async (x) => {
    for (const window of [9, 11, 14]) {
      const session = await x.open();
      const offer = `permessage-deflate; server_max_window_bits=${window}`;
      const link = await x.webSocket({ 'Sec-WebSocket-Extensions': offer });
      const accepted = link.answer.headers.get('sec-websocket-extensions');
      if (accepted === undefined) continue;
      const [, bits = ''] = /; *server_max_window_bits="?(\d+)/.exec(accepted) ?? [];
      expectThat('the answer', Number(bits) >= 8 && Number(bits) <= window, `at most ${window} bits`, accepted);
      link.record(session.attachRecord());
      await link.next('attached');
      link.record({ t: 'from', first: 1 });
      // The second half of each text repeats the first, so the text needs a window of half its length.
      const sent = [1_600, 6_000, 40_000].map((length) =>
        randomBytes((length / 8) * 3)
          .toString('base64')
          .repeat(2),
      );
      session.send(link, ...sent);
      expectEqual(`the echoed messages for a window of ${window} bits`, await texts(link, sent.length, window), sent);
    }
  }),
  check('[FR-23.1] [FR-23.2] [FR-23.3] [FR-23.4] accepts the first offer that it supports, or declines', async (x) => {
    const kept = 'permessage-deflate; server_max_window_bits=12; client_max_window_bits';
    for (const [offer, window] of [
      [kept, '12'],
      [`permessage-deflate; unknown, permessage-deflate; server_max_window_bits=7, ${kept}`, '12'],
      ['permessage-deflate', undefined],
    ] as const) {
      const link = await x.webSocket({ 'Sec-WebSocket-Extensions': offer });
      const accepted = link.answer.headers.get('sec-websocket-extensions');
      if (accepted === undefined) continue;
      const parameters = accepted.split(';').map((part) => part.trim());
      const bits = window === undefined ? [] : [`server_max_window_bits=${window}`];
      const wanted = ['permessage-deflate', 'server_no_context_takeover', 'client_no_context_takeover', ...bits];
      expectEqual(`the answer to ${offer}`, parameters.toSorted(), wanted.toSorted());
    }
    const wrong = await x.webSocket({ 'Sec-WebSocket-Extensions': 'permessage-deflate; server_max_window_bits=012' });
    expectEqual('the answer to a wrong window', wrong.answer.headers.get('sec-websocket-extensions'), undefined);
  }),
  check('[FR-22.2] fails a compressed message that is too large or damaged', async (x) => {
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

import { once } from 'node:events';
import { OPCODE } from '@everywire/protocol/internal';
import { describe, expect } from 'vitest';
import { eventually } from '../server/hand-client.js';
import { hostileRow } from './hostile-row.js';
import { frame, hex, Peer } from './peer.js';
import type { Target } from './target.js';

/** A masking key of zeros, in hexadecimal. */
const KEY = '00000000';
/** The server must report that it refused a WebSocket. */
const refused = { notice: 'socket_refused' };

/** Sends each input on a separate connection, which must fail with that code (RFC 6455 section 7.1.7). */
function fails(code: number, ...inputs: readonly (string | Uint8Array)[]): (target: Target) => Promise<void> {
  return async ({ port }) => {
    const codes = inputs.map(async (input) => {
      const peer = await Peer.upgraded(port);
      peer.write(typeof input === 'string' ? hex(input) : input);
      return peer.closeCode();
    });
    expect(await Promise.all(codes)).toEqual(inputs.map(() => code));
  };
}

const each = (values: readonly number[], to: (value: number) => Uint8Array): readonly Uint8Array[] => values.map(to);

describe('invalid frames', () => {
  hostileRow('[W1] a frame without a mask fails the connection', refused, fails(1002, '810161', '8a00', '027e0100'));

  hostileRow(
    '[W2] reserved bits, and the bit of compression where it is not allowed, fail the connection',
    refused,
    fails(1002, `a180${KEY}`, `9180${KEY}`, `c180${KEY}`, `c980${KEY}`, `0180${KEY}c080${KEY}`),
  );

  hostileRow(
    '[W3] undefined opcodes fail the connection',
    refused,
    fails(1002, ...each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15], (opcode) => frame(opcode, 'x'))),
  );

  hostileRow(
    '[W4] a control frame in fragments fails the connection',
    refused,
    fails(1002, `0980${KEY}`, `0a80${KEY}`, `0880${KEY}`),
  );

  // No byte of payload follows: the header is enough.
  hostileRow(
    '[W5] a control frame that is too long fails the connection',
    refused,
    fails(1002, '89fe', '8aff', '88fe'),
  );

  hostileRow(
    '[W6] a continuation without a beginning, and a message inside another, fail the connection',
    refused,
    fails(1002, `8080${KEY}`, `0180${KEY}8180${KEY}`, `0280${KEY}0180${KEY}`),
  );

  hostileRow(
    '[W7] a length with the highest bit set fails the connection',
    refused,
    fails(1002, '82ff8000000000000001', '81ffffff'),
  );

  hostileRow(
    '[W9] a length above the limit fails the connection from the header alone',
    { ...refused, bytesMax: 2 << 20 },
    fails(1009, '82ff001fffffffffffff', '82ff0020000000000001', '81ff00000000ffffffff', `82ff00000000000f4240`),
  );

  hostileRow(
    '[W13] close frames with half a code, with invalid text, or too long, fail the connection',
    refused,
    async (target) => {
      await fails(1002, frame(OPCODE.close, 'x'))(target);
      await fails(1007, frame(OPCODE.close, hex('03e8c080')))(target);
      await fails(1002, `88fe0080${KEY}`)(target);
    },
  );

  const never = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];
  hostileRow(
    '[W14] close codes that are never on the wire fail the connection',
    refused,
    fails(1002, ...each(never, closing)),
  );

  const allowed = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
  hostileRow('[W14] allowed close codes are echoed', {}, async ({ port }) => {
    const codes = allowed.map(async (code) => {
      const peer = await Peer.upgraded(port);
      peer.write(closing(code));
      return peer.closeCode();
    });
    expect(await Promise.all(codes)).toEqual(allowed);
  });
});

/** Encodes a close frame. */
function closing(code: number): Uint8Array {
  return frame(OPCODE.close, Uint8Array.of(code >> 8, code & 0xff));
}

describe('text', () => {
  // 100 bytes are announced and these arrive: the first wrong one is the last that is read.
  const begun = (bytes: string): string => `81e4${KEY}${bytes}`;
  hostileRow(
    '[W11] text that is not UTF-8 fails the connection from the first wrong byte on',
    refused,
    fails(
      1007,
      ...['c0', 'c1', 'eda0', 'f490', 'f5', 'ff', '80', 'e080', 'f080', '61e282c3'].map(begun),
      // Cut short at the end of a message, in one frame and across two.
      `8182${KEY}e282`,
      `0181${KEY}e28081${KEY}61`,
    ),
  );

  hostileRow(
    '[W12] text whose characters are split over frames and segments at every byte arrives unchanged',
    {},
    async ({ port }) => {
      const peer = await Peer.joined(port);
      const text = 'zwölf € 😀 \u2028';
      const bytes = Buffer.from(text);
      const frames = [...bytes].map((byte, at) =>
        frame(at === 0 ? OPCODE.text : OPCODE.continuation, Uint8Array.of(byte), at === bytes.length - 1),
      );
      for (const byte of Buffer.concat(frames)) {
        peer.write(Uint8Array.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await eventually(() => peer.messages.length === 1);
      expect(peer.messages).toEqual([text]);
    },
  );
});

describe('an end', () => {
  hostileRow('[W15] frames after a close frame are not read', {}, async ({ port }) => {
    const peer = await Peer.joined(port);
    peer.write(Buffer.concat([closing(1000), frame(OPCODE.text, 'too late'), hex('ffffffff')]));
    expect(await peer.closeCode()).toBe(1000);
    await peer.closed();
    expect(peer.messages).toEqual([]);
  });

  const quick = { limits: { closeFrameMs: 200 } };
  hostileRow('[W16] a close that the peer neither answers nor completes ends in time', quick, async ({ port }) => {
    const silent = await Peer.upgraded(port);
    silent.write(hex('810161'));
    expect(await silent.closeCode()).toBe(1002);
    await silent.closed();
    // The close frames are exchanged, and the peer never closes its half.
    const half = await Peer.upgraded(port, {});
    half.socket.pause();
    half.write(closing(1000));
    const ended = once(half.socket, 'close');
    half.socket.resume();
    await ended;
  });
});

describe('many frames', () => {
  const parts = (count: number, payload = ''): Buffer =>
    Buffer.concat([
      frame(OPCODE.text, payload, false),
      ...Array(count).fill(frame(OPCODE.continuation, payload, false)),
    ]);

  hostileRow(
    '[W18] a message of one-byte or empty frames beyond the limit fails the connection',
    refused,
    fails(1009, parts(1_024, 'x'), parts(1_024)),
  );

  hostileRow(
    '[W18] a message of a million frames fails the connection',
    { ...refused, bytesMax: 4 << 20 },
    async ({ port }) => {
      const peer = await Peer.upgraded(port);
      const some = parts(10_000, 'x');
      for (let i = 0; i < 100 && !peer.ended; i++) if (!peer.socket.write(some)) await oneOf(peer, 'drain');
      expect(await peer.closeCode()).toBe(1009);
    },
  );

  const large = {
    limits: { messageBytesMax: 8 << 20, bodyBytesMax: 9 << 20, fragmentsMax: 70_000, ...windows(9 << 20) },
  };
  hostileRow(
    '[W18] a message of the maximum number of frames arrives',
    { ...large, bytesMax: 24 << 20 },
    async ({ port }) => {
      const peer = await Peer.joined(port);
      const piece = 'x'.repeat(64);
      const middle = frame(OPCODE.continuation, piece, false);
      // 4 MiB in 65,536 frames, as the Autobahn suite sends it (9.3.1).
      for (let sent = 0; sent < 65_535; sent += 2_047) {
        const first = sent === 0 ? [frame(OPCODE.text, piece, false)] : [];
        const count = Math.min(2_047, 65_535 - sent) - first.length;
        if (!peer.socket.write(Buffer.concat([...first, ...Array(count).fill(middle)]))) await oneOf(peer, 'drain');
      }
      peer.write(frame(OPCODE.continuation, piece));
      await eventually(() => peer.messages[0]?.length === 65_536 * 64);
    },
  );

  hostileRow(
    '[W18] endless empty messages exceed the window and end the session',
    { stuck: true, notice: 'hostile' },
    async ({ port }) => {
      const peer = await Peer.joined(port);
      const some = Buffer.concat(Array(1_000).fill(frame(OPCODE.binary)));
      peer.write(some);
      expect(await peer.heard('closed')).toMatchObject({ clean: false, code: 'hostile' });
    },
  );

  hostileRow(
    '[W17] only the latest of many pings is answered, and no ping is stored',
    // Without a rate limit, so that all of them are read soon.
    { bytesMax: 4 << 20, limits: { pingsAtOnce: 1_000_000 } },
    async (target) => {
      const peer = await Peer.joined(target.port);
      const some = Buffer.concat(Array(1_000).fill(frame(OPCODE.ping, 'x'.repeat(125))));
      const flood = async (times: number): Promise<void> => {
        for (let i = 0; i < times; i++) if (!peer.socket.write(some)) await oneOf(peer, 'drain');
      };
      // Compilation at the start does not count as a stall of the flood.
      await flood(10);
      await target.report();
      await flood(100);
      peer.write(frame(OPCODE.ping, 'the last'));
      await eventually(() => peer.frames.some(({ payload }) => payload.toString() === 'the last'));
      expect(peer.frames.length).toBeLessThan(100_000);
    },
  );
});

/** Limits that allow messages of this many bytes. */
function windows(bytes: number): object {
  const window = { messages: 256, bytes };
  return { up: window, down: window, bufferBytesMax: bytes * 3, undrainedBytesMax: bytes };
}

/** Resolves with the first of that event and the end of the socket. */
function oneOf(peer: Peer, event: string): Promise<unknown> {
  return Promise.race([once(peer.socket, event), once(peer.socket, 'close')]).catch(() => undefined);
}

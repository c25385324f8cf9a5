import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as wsModule from 'ws';
import { encodeClosePayload, encodeFrame, encodeMaskedFrame } from './frame-encoder.js';
import { FrameParser } from './frame-parser.js';
import { OPCODE, type Opcode } from './opcode.js';

// Compares our parser and encoder of WebSocket frames with those of `ws`, an independent library, on random bytes.

/** Parts of `ws` that its types omit. */
interface WsParts {
  readonly Receiver: new (options: { isServer: boolean; maxPayload: number }) => NodeJS.WritableStream;
  readonly Sender: { frame(data: Buffer, options: WsFrameOptions): Buffer[] };
}
interface WsFrameOptions {
  readonly fin: boolean;
  readonly opcode: number;
  readonly mask: boolean;
  readonly readOnly: boolean;
  readonly rsv1: boolean;
  readonly generateMask: (mask: Buffer) => void;
}
const { Receiver, Sender } = wsModule as unknown as WsParts;

const MESSAGE_BYTES_MAX = 70_000;

interface Outcome {
  readonly reports: string[];
  readonly closeCode: number | null;
}

function parseWithOurs(chunks: readonly Buffer[], masked: boolean): Outcome & { readonly code: string | null } {
  const reports: string[] = [];
  const hex = (payload: Uint8Array): string => Buffer.from(payload).toString('hex');
  const sink = {
    onData: (binary: boolean, payload: Uint8Array): void => void reports.push(`${binary} ${hex(payload)}`),
    onPing: (payload: Uint8Array): void => void reports.push(`ping ${hex(payload)}`),
    onPong: (payload: Uint8Array): void => void reports.push(`pong ${hex(payload)}`),
    onClose: (code: number, reason: string): void => void reports.push(`close ${code} ${reason}`),
  };
  const parser = new FrameParser(sink, { masked, messageBytesMax: MESSAGE_BYTES_MAX, fragmentsMax: 10_000 });
  let error = null;
  for (const chunk of chunks) error ??= parser.feed(Buffer.from(chunk));
  return { reports, closeCode: error?.closeCode ?? null, code: error?.code ?? null };
}

async function parseWithWs(chunks: readonly Buffer[], isServer: boolean): Promise<Outcome> {
  const reports: string[] = [];
  const receiver = new Receiver({ isServer, maxPayload: MESSAGE_BYTES_MAX });
  let closeCode: number | null = null;
  receiver.on('message', (data: Buffer, binary: boolean) => reports.push(`${binary} ${data.toString('hex')}`));
  receiver.on('ping', (data: Buffer) => reports.push(`ping ${data.toString('hex')}`));
  receiver.on('pong', (data: Buffer) => reports.push(`pong ${data.toString('hex')}`));
  receiver.on('conclude', (code: number, reason: Buffer) => reports.push(`close ${code} ${reason.toString()}`));
  const errors: Error[] = [];
  receiver.on('error', (error: Error) => errors.push(error));
  for (const chunk of chunks) {
    if (errors.length > 0) break;
    await new Promise<void>((done) => receiver.write(Buffer.from(chunk), () => done()));
  }
  await new Promise(setImmediate);
  const [error] = errors;
  if (error) closeCode = statusOf(error);
  return { reports, closeCode };
}

function statusOf(error: Error): number {
  const key = Object.getOwnPropertySymbols(error).find((symbol) => symbol.description === 'status-code');
  return (error as unknown as Record<symbol, number>)[key!]!;
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places]
    .map((from, at) => bytes.subarray(from, places[at] ?? bytes.length))
    .filter((part) => part.length > 0);
}

interface RandomFrame {
  readonly opcode: Opcode;
  readonly fin: boolean;
  readonly payload: Buffer;
  readonly key: number;
}

const textPayload = fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text));
const payload = fc.oneof(
  { weight: 6, arbitrary: textPayload },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 140 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_001).map((length) => Buffer.alloc(length, 'x')),
  },
);
const closePayload = fc
  .tuple(fc.constantFrom(1000, 1001, 1005, 1014, 2000, 3000, 4999), fc.string({ maxLength: 30 }))
  .map(([code, reason]) => Buffer.from(encodeClosePayload(code, reason)));

/** Mostly valid traffic: whole messages, and fragments with control frames between them. Some frames are invalid. */
const frames: fc.Arbitrary<RandomFrame[]> = fc
  .array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constantFrom('text', 'binary'),
          parts: fc.array(payload, { minLength: 1, maxLength: 4 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('ping', 'pong'), parts: fc.tuple(payload) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('close'), parts: fc.tuple(closePayload) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constantFrom('continuation', 'text', 'ping'),
          parts: fc.tuple(payload),
          fin: fc.boolean(),
        }),
      },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .chain((groups) => fc.array(fc.integer(), { minLength: 24, maxLength: 24 }).map((keys) => toFrames(groups, keys)));

function toFrames(
  groups: readonly { kind: string; parts: readonly Buffer[]; fin?: boolean }[],
  keys: readonly number[],
): RandomFrame[] {
  return groups
    .flatMap(({ kind, parts, fin }) =>
      parts.map((part, at) => ({
        opcode: at === 0 ? OPCODE[kind as keyof typeof OPCODE] : OPCODE.continuation,
        fin: fin ?? at === parts.length - 1,
        payload: part,
      })),
    )
    .map((frame, at) => ({ ...frame, key: keys[at % keys.length]! }));
}

function encodeWithWs(frame: RandomFrame, mask: boolean): Buffer {
  const generateMask = (room: Buffer): void => void room.writeInt32BE(frame.key);
  const { fin, opcode } = frame;
  return Buffer.concat(
    Sender.frame(Buffer.from(frame.payload), { fin, opcode, mask, readOnly: false, rsv1: false, generateMask }),
  );
}

/** The rest of any frame header, masked like the frames before it, so that `ws` stops waiting for it. */
const restOfHead = (masked: boolean): Buffer => Buffer.from([masked ? 0x80 : 0, ...Array<number>(13).fill(0)]);

/**
 * Our parser may fail earlier: at the first invalid byte of a text, where `ws` waits for the end of the message (FR-8), and at
 * the first invalid byte of a header, where `ws` waits for the rest. So `ws` is given that rest.
 */
async function expectSameOutcome(bytes: Buffer, cuts: readonly number[], masked: boolean): Promise<void> {
  const chunks = split(bytes, cuts);
  const ours = parseWithOurs(chunks, masked);
  // `ws` accepts lengths that are not minimal, which RFC 6455 §5.2 forbids.
  if (ours.code === 'length_not_minimal') return;
  const waits = ours.code !== null && ours.code !== 'utf8_invalid';
  const theirs = await parseWithWs(waits ? [...chunks, restOfHead(masked)] : chunks, masked);
  if (ours.code === 'utf8_invalid') {
    expect(theirs.reports.slice(0, ours.reports.length)).toEqual(ours.reports);
    expect(theirs.reports.slice(ours.reports.length).filter((report) => report.startsWith('false'))).toEqual([]);
    return;
  }
  expect(ours.reports).toEqual(theirs.reports);
  // For the highest bit of a length, `ws` reports "too big", where the RFC has a protocol error.
  if (ours.code !== 'length_invalid') expect(ours.closeCode).toBe(theirs.closeCode);
}

describe('ws as a second opinion', () => {
  for (const masked of [true, false]) {
    const role = masked ? 'a server' : 'a client';
    it(`[FR-13] ${role} reads frames encoded by ws, split anywhere, as ws does`, async () => {
      await fc.assert(
        fc.asyncProperty(frames, fc.array(fc.nat(), { maxLength: 12 }), async (list, cuts) => {
          await expectSameOutcome(Buffer.concat(list.map((frame) => encodeWithWs(frame, masked))), cuts, masked);
        }),
        { numRuns: 400 },
      );
    });

    it(`[FR-17] ${role} rejects the same damaged frames as ws`, async () => {
      const damage = fc.array(fc.tuple(fc.nat(30), fc.nat(255)), { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(frames, damage, fc.array(fc.nat(), { maxLength: 6 }), async (list, changes, cuts) => {
          const bytes = Buffer.concat(list.map((frame) => encodeWithWs(frame, masked)));
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          await expectSameOutcome(bytes, cuts, masked);
        }),
        { numRuns: 400 },
      );
    });

    it(`[RFC 6455 §6.1] frames that ${masked ? 'a client' : 'a server'} of ours sends equal those of ws byte for byte`, () => {
      fc.assert(
        fc.property(frames, (list) => {
          for (const frame of list) {
            const { opcode, payload: content, key } = frame;
            const ours = masked ? encodeMaskedFrame(opcode, content, key) : encodeFrame(opcode, content);
            expect(Buffer.compare(ours, encodeWithWs({ ...frame, fin: true }, masked))).toBe(0);
          }
        }),
        { numRuns: 200 },
      );
    });
  }
});

import { describe, expect, it } from 'vitest';
import { FrameParser, type FrameSink } from './frame-parser.js';

// Tests how `FrameParser`, the parser of WebSocket frames, handles its input memory: views, copies and allocations. A
// sink is the object that receives the parsed frames.

const options = { masked: false, messageBytesMax: 1_000_000, fragmentsMax: 8 };
const nothing = (): void => undefined;
const deafSink: FrameSink = { onData: nothing, onPing: nothing, onPong: nothing, onClose: nothing };

describe('FrameParser and its input bytes', () => {
  it('[FR-15] FrameParser reports a whole payload as a view, and one that arrived in parts as an owned copy', () => {
    const seen: { payload: Uint8Array; owned: boolean }[] = [];
    const parser = new FrameParser(
      { ...deafSink, onData: (_, payload, owned) => seen.push({ payload, owned }) },
      options,
    );
    const chunk = Uint8Array.of(0x82, 2, 0x61, 0x62, 0x82, 2, 0x63);
    parser.feed(chunk);
    parser.feed(Uint8Array.of(0x64));
    expect(seen.map((one) => one.owned)).toEqual([false, true]);
    expect(seen[0]?.payload.buffer).toBe(chunk.buffer);
    chunk.fill(0);
    expect(seen[1]?.payload).toEqual(Uint8Array.of(0x63, 0x64));
  });

  it('[FR-15] FrameParser can be fed from one reused buffer', () => {
    const reports: string[] = [];
    const sink = {
      ...deafSink,
      onData: (_: boolean, payload: Uint8Array): void => void reports.push(new TextDecoder().decode(payload)),
      onPing: (payload: Uint8Array): void => void reports.push(new TextDecoder().decode(payload)),
    };
    const parser = new FrameParser(sink, { ...options, masked: true });
    const reused = Buffer.alloc(5);
    const wire = Buffer.from(
      '818500000000 48656c6c6f 898300000000 616263 018200000000 4865 808300000000 6c6c6f'.replaceAll(' ', ''),
      'hex',
    );
    for (let at = 0; at < wire.length; at += reused.length) {
      const count = wire.copy(reused, 0, at);
      expect(parser.feed(reused.subarray(0, count))).toBe(null);
      reused.fill(0xee);
    }
    expect(reports).toEqual(['Hello', 'abc', 'Hello']);
  });

  it('[FR-16] FrameParser allocates memory as bytes arrive, not as the header announces', () => {
    const before = process.memoryUsage().arrayBuffers;
    const parsers = Array.from({ length: 100 }, () => new FrameParser(deafSink, options));
    // Each receives one byte of the 1,000,000 that its header announces.
    for (const parser of parsers) parser.feed(Uint8Array.of(0x82, 0x7f, 0, 0, 0, 0, 0, 0x0f, 0x42, 0x40, 0x61));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
    expect(parsers).toHaveLength(100);
  });

  it('[FR-10] FrameParser stops in the middle of a chunk when its sink calls stop', () => {
    const reports: string[] = [];
    const parser: FrameParser = new FrameParser(
      {
        ...deafSink,
        onData: (): void => {
          reports.push('data');
          parser.stop();
        },
      },
      options,
    );
    expect(parser.feed(Uint8Array.of(0x82, 0, 0x82, 0, 0xff))).toBe(null);
    expect(parser.feed(Uint8Array.of(0x82, 0))).toBe(null);
    expect(reports).toEqual(['data']);
  });

  it('[FR-17] FrameParser keeps its first error', () => {
    const parser = new FrameParser(deafSink, options);
    expect(parser.feed(Uint8Array.of(0x83))).toEqual({ code: 'reserved_opcode', closeCode: 1002 });
    expect(parser.feed(Uint8Array.of(0x81, 0x01, 0xff))).toEqual({ code: 'reserved_opcode', closeCode: 1002 });
  });
});

import { frameEncoding, type Message } from '@everywire/protocol/internal';
import { describe, expect, it } from 'vitest';
import { MessageMaker } from './message-maker.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const frameOf = (maker: MessageMaker, data: string | Uint8Array): Uint8Array =>
  new Uint8Array(frameEncoding.encodeMessage(maker.make(data)));

describe('MessageMaker', () => {
  it('[SN-16] lays text out as its frame, escaped where it begins with U+0000', () => {
    const maker = new MessageMaker(1_000);
    expect(frameOf(maker, 'hi')).toEqual(bytes(0x81, 2, 0x68, 0x69));
    expect(frameOf(maker, '')).toEqual(bytes(0x81, 0));
    expect(frameOf(maker, '\0a')).toEqual(bytes(0x81, 3, 0, 0, 0x61));
    expect(maker.make('\0a').text).toBe('\0a');
    expect(frameOf(maker, 'x'.repeat(200)).subarray(0, 4)).toEqual(bytes(0x81, 126, 0, 200));
  });

  it('[SN-18] replaces lone surrogates before anything is numbered', () => {
    const maker = new MessageMaker(1_000);
    expect(maker.make('a\ud800b').text).toBe('a\ufffdb');
    expect(frameOf(maker, '\udc00')).toEqual(bytes(0x81, 3, 0xef, 0xbf, 0xbd));
    expect(maker.make('\ufeff\u{1f680}').text).toBe('\ufeff\u{1f680}');
  });

  it('copies bytes: what the caller does with its memory afterwards is its own affair', () => {
    const maker = new MessageMaker(1_000);
    const mine = bytes(1, 2, 3);
    const message = maker.make(mine);
    mine[0] = 9;
    expect(message.bytes).toEqual(bytes(1, 2, 3));
  });

  it('[SN-27] gives rising serials', () => {
    const maker = new MessageMaker(1_000);
    expect(['a', bytes(1), 'a'].map((data) => maker.make(data).serial)).toEqual([1, 2, 3]);
  });

  it('[SN-27] passes on what is being handled without encoding it again, with serials that rise all the same', () => {
    const maker = new MessageMaker(1_000);
    const received = maker.received(Buffer.from('hi'), Buffer.alloc(0));
    maker.beginHandling(received, 'hi');
    const passed = [maker.make('hi'), maker.make('between'), maker.make('hi')];
    expect(passed.map((message) => message.text)).toEqual(['hi', 'between', 'hi']);
    expect(passed[0]).toBe(received);
    expect(frameEncoding.encodeMessage(passed[2] as Message)).toBe(frameEncoding.encodeMessage(received));
    const serials = passed.map((message) => message.serial);
    expect(serials).toEqual(serials.toSorted((a, b) => a - b));
    expect(new Set(serials).size).toBe(3);
  });

  it('[SN-27] leaves no gap in the serials of what is received and passed on, so that runs are known by their ends', () => {
    const maker = new MessageMaker(1_000);
    const serials = ['a', 'b', 'c'].map((text) => {
      const received = maker.received(Buffer.from(text), Buffer.alloc(0));
      maker.beginHandling(received, text);
      return maker.make(text).serial;
    });
    expect(serials).toEqual([1, 2, 3]);
  });

  it("copies bytes that are passed on: they are the application's to change", () => {
    const maker = new MessageMaker(1_000);
    const received = maker.make(bytes(1, 2));
    const data = maker.dataOf(received) as Uint8Array;
    maker.beginHandling(received, data);
    const passed = maker.make(data);
    data[0] = 9;
    expect(passed.bytes).toEqual(bytes(1, 2));
  });

  it('[SN-27] makes a message of what came anew once something was made since, and once its handler has returned', () => {
    const maker = new MessageMaker(1_000);
    const received = maker.received(Buffer.from('hi'), Buffer.alloc(0));
    const since = maker.make('since');
    maker.beginHandling(received, 'hi');
    const again = maker.make('hi');
    expect(again.serial).toBeGreaterThan(since.serial);
    maker.endHandling();
    expect(frameEncoding.encodeMessage(maker.make('hi'))).not.toBe(frameEncoding.encodeMessage(received));
  });

  it('lays a received text out where it lies, if its whole frame is there and not much else', () => {
    const maker = new MessageMaker(1_000);
    const frame = (chunk: Buffer, at: number, text: string): Uint8Array => {
      chunk.write(text, at);
      const message = maker.received(chunk.subarray(at, at + text.length), chunk);
      expect(message.text).toBe(text);
      return frameEncoding.encodeMessage(message);
    };
    const whole = Buffer.alloc(20, 0xff);
    const inPlace = frame(whole, 8, 'hello');
    expect(inPlace.buffer).toBe(whole.buffer);
    expect([...inPlace]).toEqual([0x81, 5, ...Buffer.from('hello')]);
    // Behind it, and in front of its own header, nothing was touched.
    expect([...whole.subarray(0, 6)]).toEqual(Array(6).fill(0xff));
    expect([...whole.subarray(13)]).toEqual(Array(7).fill(0xff));
    // Of a header that began in an earlier chunk there is no room for the new one; a large chunk would be kept for a word.
    for (const [length, at] of [
      [20, 5],
      [21, 8],
    ] as const) {
      const chunk = Buffer.alloc(length, 0xff);
      expect([...frame(chunk, at, 'hello')]).toEqual([0x81, 5, ...Buffer.from('hello')]);
      expect([...chunk.subarray(0, at)]).toEqual(Array(at).fill(0xff));
    }
  });

  it('refuses what is longer than may be, by its bytes', () => {
    const maker = new MessageMaker(4);
    expect(() => maker.make('12345')).toThrow(expect.objectContaining({ code: 'message_too_big' }));
    expect(() => maker.make('éé€')).toThrow(expect.objectContaining({ code: 'message_too_big' }));
    expect(() => maker.make(new Uint8Array(5))).toThrow(expect.objectContaining({ code: 'message_too_big' }));
    expect(maker.make('éé').byteLength).toBe(4);
  });
});

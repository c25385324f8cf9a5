import { encodeMaskedFrame, frameEncoding, type Message, OPCODE } from '@everywire/protocol/internal';
import { describe, expect, it } from 'vitest';
import { MessageMaker } from './message-maker.js';

// Tests `MessageMaker`, which creates all messages of a server: from data of the application (`make`) and from received
// bytes (`received`). A serial is the number of a message on this server.

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const frameOf = (maker: MessageMaker, data: string | Uint8Array): Uint8Array =>
  new Uint8Array(frameEncoding.encodeMessage(maker.make(data)));

const receive = (maker: MessageMaker, text: string): Message => {
  const payload = Buffer.from(text);
  return maker.received(payload, 0, payload.length, 0) as Message;
};

describe('MessageMaker', () => {
  it('[SN-16.2] [SN-16.4] MessageMaker encodes text as a frame, escaped if it starts with U+0000', () => {
    const maker = new MessageMaker(1_000);
    expect(frameOf(maker, 'hi')).toEqual(bytes(0x81, 2, 0x68, 0x69));
    expect(frameOf(maker, '')).toEqual(bytes(0x81, 0));
    expect(frameOf(maker, '\0a')).toEqual(bytes(0x81, 3, 0, 0, 0x61));
    expect(maker.make('\0a').text).toBe('\0a');
    expect(frameOf(maker, 'x'.repeat(200)).subarray(0, 4)).toEqual(bytes(0x81, 126, 0, 200));
  });

  it('[SN-18.2] MessageMaker replaces lone surrogates before a message is numbered', () => {
    const maker = new MessageMaker(1_000);
    expect(maker.make('a\ud800b').text).toBe('a\ufffdb');
    expect(frameOf(maker, '\udc00')).toEqual(bytes(0x81, 3, 0xef, 0xbf, 0xbd));
    expect(maker.make('\ufeff\u{1f680}').text).toBe('\ufeff\u{1f680}');
  });

  it('MessageMaker copies bytes, so that the caller may change its memory afterwards', () => {
    const maker = new MessageMaker(1_000);
    const mine = bytes(1, 2, 3);
    const message = maker.make(mine);
    mine[0] = 9;
    expect(message.bytes).toEqual(bytes(1, 2, 3));
  });

  it('[SN-27.4] MessageMaker assigns rising serials', () => {
    const maker = new MessageMaker(1_000);
    expect(['a', bytes(1), 'a'].map((data) => maker.make(data).serial)).toEqual([1, 2, 3]);
  });

  it('[SN-27.2] MessageMaker encodes a text for many topics once', () => {
    const maker = new MessageMaker(1_000);
    const [one, again, other, back] = ['to all', 'to all', 'other', 'to all'].map((text) => maker.make(text));
    expect(again?.frame).toBe(one?.frame);
    expect(again?.memory).toBe(one?.memory);
    expect([one, again, other, back].map((message) => message?.text)).toEqual(['to all', 'to all', 'other', 'to all']);
    expect([one, again, other, back].map((message) => message?.serial)).toEqual([1, 2, 3, 4]);
    expect(back?.frame).not.toBe(one?.frame);
  });

  it('[SN-27.4] MessageMaker forwards the message being handled without encoding it again, with rising serials', () => {
    const maker = new MessageMaker(1_000);
    const received = receive(maker, 'hi');
    maker.beginHandling(received, 'hi');
    const passed = [maker.make('hi'), maker.make('between'), maker.make('hi')];
    expect(passed.map((message) => message.text)).toEqual(['hi', 'between', 'hi']);
    expect(passed[0]).toBe(received);
    expect(passed[2]?.memory).toBe(received.memory);
    expect(passed[2]?.frame).toBe(received.frame);
    const serials = passed.map((message) => message.serial);
    expect(serials).toEqual(serials.toSorted((a, b) => a - b));
    expect(new Set(serials).size).toBe(3);
  });

  it('[SN-27.4] serials of received and forwarded messages have no gap, so that runs are identified by their ends', () => {
    const maker = new MessageMaker(1_000);
    const serials = ['a', 'b', 'c'].map((text) => {
      const received = receive(maker, text);
      maker.beginHandling(received, text);
      return maker.make(text).serial;
    });
    expect(serials).toEqual([1, 2, 3]);
  });

  it('MessageMaker copies bytes that are forwarded, because the application may change them', () => {
    const maker = new MessageMaker(1_000);
    const received = maker.make(bytes(1, 2));
    const data = maker.dataOf(received) as Uint8Array;
    maker.beginHandling(received, data);
    const passed = maker.make(data);
    data[0] = 9;
    expect(passed.bytes).toEqual(bytes(1, 2));
  });

  it('[SN-27.4] MessageMaker encodes a received message again after another was made, or after its handler returned', () => {
    const maker = new MessageMaker(1_000);
    const received = receive(maker, 'hi');
    const since = maker.make('since');
    maker.beginHandling(received, 'hi');
    const again = maker.make('hi');
    expect(again.serial).toBeGreaterThan(since.serial);
    maker.endHandling();
    expect(maker.make('hi').frame).not.toBe(received.frame);
  });

  it('MessageMaker unmasks a received text into its frame, and leaves the input unchanged', () => {
    const maker = new MessageMaker(1_000);
    const chunk = encodeMaskedFrame(OPCODE.text, new TextEncoder().encode('héllo'), 0x01020384);
    const before = chunk.slice();
    const message = maker.received(chunk, 6, chunk.length, 0x01020384);
    expect(message?.text).toBe('héllo');
    expect(chunk).toEqual(before);
    chunk.fill(0);
    expect([...frameEncoding.encodeMessage(message as Message)]).toEqual([0x81, 6, ...Buffer.from('héllo')]);
  });

  it('[SN-1] MessageMaker refuses a text that is not UTF-8', () => {
    const maker = new MessageMaker(1_000);
    expect(maker.received(bytes(0x61, 0xc3), 0, 2, 0)).toBeNull();
    expect(receive(maker, 'next').serial).toBe(1);
  });

  it('MessageMaker stores short messages in shared memory, and a long one separately', () => {
    const maker = new MessageMaker(100_000);
    const messages = [1, 500, 3_000, 5_000, 100_000, 1, 8_000, 2].map((length) => maker.make('x'.repeat(length)));
    for (const [at, length] of [1, 500, 3_000, 5_000, 100_000, 1, 8_000, 2].entries())
      expect(messages[at]?.text).toBe('x'.repeat(length));
    const kept = new Set(messages.map((message) => message.memory));
    // A waiting message keeps at most the larger of 8 kB and its own frame in memory.
    for (const memory of kept) expect([8_192, 5_004, 100_010, 8_004]).toContain(memory.length);
    expect(messages[0]?.memory).toBe(messages[2]?.memory);
  });

  it('MessageMaker refuses a message that is too long, measured in bytes', () => {
    const maker = new MessageMaker(4);
    expect(() => maker.make('12345')).toThrow(expect.objectContaining({ code: 'message_too_big' }));
    expect(() => maker.make('éé€')).toThrow(expect.objectContaining({ code: 'message_too_big' }));
    expect(() => maker.make(new Uint8Array(5))).toThrow(expect.objectContaining({ code: 'message_too_big' }));
    expect(maker.make('éé').byteLength).toBe(4);
  });
});

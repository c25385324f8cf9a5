import { describe, expect, it } from 'vitest';
import { eventStreamEncoding } from './event-stream.js';
import { frameEncoding } from './frame-encoding.js';
import { messageAgain, messageFromFrame } from './framed-message.js';

// Tests messages that are stored as a WebSocket frame, so that they can be sent without encoding them again.

describe('a message in its frame', () => {
  it('[EN-1] a message from a frame is encoded as that frame and reads as its payload', () => {
    const frame = Uint8Array.of(0x81, 2, 0x68, 0x69);
    const message = messageFromFrame(frame, 0, 2, 2, 7);
    expect([message.text, message.binary, message.byteLength, message.serial]).toEqual(['hi', false, 2, 7]);
    expect(frameEncoding.encodeMessage(message)).toEqual(frame);
    expect(frameEncoding.encodeMessage(message).buffer).toBe(frame.buffer);
  });

  it('[SN-16.4] the content of a message from a frame excludes the escape', () => {
    const frame = Uint8Array.of(0x81, 3, 0, 0, 0x69);
    expect(messageFromFrame(frame, 0, 3, 2, 1).text).toBe('\0i');
  });

  it('a message copied under another serial keeps its cached encodings', () => {
    const frame = Uint8Array.of(0x81, 1, 0x69);
    const message = messageFromFrame(frame, 0, 2, 1, 7);
    const event = eventStreamEncoding.encodeMessage(message);
    const again = messageAgain(message, 8);
    expect([again.serial, again.hash, again.text]).toEqual([8, message.hash, 'i']);
    expect(frameEncoding.encodeMessage(again)).toEqual(frame);
    expect(eventStreamEncoding.encodeMessage(again)).toBe(event);
  });
});

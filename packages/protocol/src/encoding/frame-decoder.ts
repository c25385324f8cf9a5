import { FrameParser, type FrameParserOptions } from '../frame/frame-parser.js';
import { decodeDataFrame } from './data-frame.js';
import type { DecodeError, Decoder, ItemSink } from './encoding.js';

/** Decodes a body of unmasked frames (fetch stream). Ignores ping, pong and close frames, which have no use there. */
export function createFrameDecoder(sink: ItemSink, limits: Omit<FrameParserOptions, 'masked'>): Decoder {
  let error: DecodeError | null = null;
  const ignore = (): void => undefined;
  const onData = (binary: boolean, payload: Uint8Array, owned: boolean): void => {
    error = decodeDataFrame(binary, payload, owned, sink);
    if (error) parser.stop();
  };
  const parser = new FrameParser(
    { onData, onPing: ignore, onPong: ignore, onClose: ignore },
    { ...limits, masked: false },
  );
  return {
    feed(chunk: Uint8Array): DecodeError | null {
      const wrong = parser.feed(chunk);
      if (wrong) error = wrong.closeCode === 1009 ? 'too_big' : 'malformed';
      return error;
    },
  };
}

import {
  decodeDataFrame,
  encodeClosePayload,
  FrameParser,
  framePayload,
  type ItemSink,
  OPCODE,
  type Opcode,
  recordFramePayload,
  type TypedMessage,
} from '@everywire/protocol/internal';
import { FRAGMENTS_MAX, RECORD_BYTES_MAX } from './limits.js';
import type { Carrier, CarrierEvents, CarrierRequest } from './transport.js';

/** A connection that carries frames in both directions, after the hello or the handshake. */
export interface FramePipe {
  /** Writes frames in one write; no-op if the connection is no longer writable. */
  write(frames: readonly Uint8Array[]): void;
  /** Ends the connection after what was written, and destroys it soon, whatever the peer does. */
  end(): void;
  /** Encodes a whole frame of a client. */
  encode(opcode: Opcode, payload: Uint8Array): Uint8Array;
}

/** A carrier with the inputs from its connection. */
export interface FramedCarrier extends Carrier {
  /** Handles received bytes. */
  feed(chunk: Uint8Array): void;
  /** Handles a connection that broke or ended without a close frame. */
  cut(): void;
}

/** Creates a carrier of records and messages in RFC 6455 frames, in the client's role, over any connection (SN-16, SN-17). */
export function createFramedCarrier(pipe: FramePipe, request: CarrierRequest, events: CarrierEvents): FramedCarrier {
  let ended = false;
  // A typed message is passed on as its array, as in a browser, because only the second stage handles it.
  const sink: ItemSink = {
    onRecord: events.onRecord,
    onMessage: (message) =>
      message.typed ? events.onRecord((message as TypedMessage).items as never) : events.onMessage(message),
  };
  const write = (opcode: Opcode, payload: Uint8Array): void => pipe.write([pipe.encode(opcode, payload)]);
  // Sends a close frame after what was written.
  const finish = (code: number): void => {
    ended = true;
    parser.stop();
    write(OPCODE.close, encodeClosePayload(code === 1005 ? undefined : code));
    pipe.end();
  };
  const end = (whole: boolean, code: number, reason?: string): void => {
    if (ended) return;
    finish(code);
    events.onEnded(whole, reason);
  };
  const parser = new FrameParser(
    {
      onData: (binary, payload, owned) => {
        if (decodeDataFrame(binary, payload, owned, sink)) end(false, 1007, 'damaged');
      },
      onPing: (payload) => write(OPCODE.pong, payload),
      onPong: () => undefined,
      onClose: (code) => end(true, code),
    },
    { masked: false, messageBytesMax: request.messageBytesMax + RECORD_BYTES_MAX, fragmentsMax: FRAGMENTS_MAX },
  );
  return {
    feed(chunk) {
      const error = parser.feed(chunk);
      if (error) end(false, error.closeCode, 'damaged');
    },
    cut: () => end(false, 1006),
    writeRecord: (record) => write(OPCODE.text, recordFramePayload(record)),
    writeMessages(source, first, last) {
      const frames: Uint8Array[] = [];
      for (let number = first; number <= last; number++) {
        const message = source.messageAt(number);
        frames.push(pipe.encode(message.binary ? OPCODE.binary : OPCODE.text, framePayload(message)));
      }
      pipe.write(frames);
    },
    close: () => finish(1000),
  };
}

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

/** A connection that carries RFC 6455 frames in both directions, once its hello (raw TCP) or handshake is complete. */
export interface FramePipe {
  /** Writes all frames in one write. No-op if the connection is no longer writable. */
  write(frames: readonly Uint8Array[]): void;
  /** Ends the connection after all pending data. Destroys the connection soon afterwards even if the peer does not close. */
  end(): void;
  /** Encodes one unfragmented client frame, masked if the connection requires it. */
  encode(opcode: Opcode, payload: Uint8Array): Uint8Array;
}

/** A carrier whose owner must pass it the events of the connection. */
export interface FramedCarrier extends Carrier {
  /** Handles bytes that the connection received. */
  feed(chunk: Uint8Array): void;
  /** Handles the loss of the connection. No-op after a close frame was sent or received. */
  connectionLost(): void;
}

/** WebSocket close codes (RFC 6455 section 7.4.1). The codes 1005 and 1006 only describe an end; no frame may contain them. */
const CLOSE_NORMAL = 1000;
const CLOSE_NO_STATUS = 1005;
const CLOSE_ABNORMAL = 1006;
const CLOSE_INVALID_DATA = 1007;

/**
 * Creates a carrier, in the client's role, that transmits records and messages in RFC 6455 frames over any connection
 * (SN-16, SN-17).
 */
export function createFramedCarrier(pipe: FramePipe, request: CarrierRequest, events: CarrierEvents): FramedCarrier {
  let ended = false;
  // A typed message (a request or a reply) is reported as a record, in the form of its array of items, as the carriers of
  // a browser do. The client expects this form: its first stage, which opens the session, must stay small and cannot
  // parse typed messages. The second stage, which is loaded later and takes over, converts the array back.
  const sink: ItemSink = {
    onRecord: events.onRecord,
    onMessage: (message) =>
      message.typed ? events.onRecord((message as TypedMessage).items as never) : events.onMessage(message),
  };
  const write = (opcode: Opcode, payload: Uint8Array): void => pipe.write([pipe.encode(opcode, payload)]);
  // Sends a close frame after all pending data and ends the connection. Reports nothing.
  const sendClose = (code: number): void => {
    ended = true;
    parser.stop();
    write(OPCODE.close, encodeClosePayload(code === CLOSE_NO_STATUS ? undefined : code));
    pipe.end();
  };
  // Like `sendClose`, but also reports the end. `clean`: the peer closed the connection with a close frame.
  const closeAndReport = (clean: boolean, code: number, reason?: string): void => {
    if (ended) return;
    sendClose(code);
    events.onEnded(clean, reason);
  };
  const parser = new FrameParser(
    {
      onData: (binary, payload, owned) => {
        const error = decodeDataFrame(binary, payload, owned, sink);
        if (error) closeAndReport(false, CLOSE_INVALID_DATA, 'damaged');
      },
      onPing: (payload) => write(OPCODE.pong, payload),
      onPong: () => undefined,
      onClose: (code) => closeAndReport(true, code),
    },
    { masked: false, messageBytesMax: request.messageBytesMax + RECORD_BYTES_MAX, fragmentsMax: FRAGMENTS_MAX },
  );
  return {
    feed(chunk) {
      const error = parser.feed(chunk);
      if (error) closeAndReport(false, error.closeCode, 'damaged');
    },
    // The code does not matter, because the peer cannot receive the close frame any more.
    connectionLost: () => closeAndReport(false, CLOSE_ABNORMAL),
    writeRecord: (record) => write(OPCODE.text, recordFramePayload(record)),
    writeMessages(source, first, last) {
      const frames: Uint8Array[] = [];
      for (let number = first; number <= last; number++) {
        const message = source.messageAt(number);
        frames.push(pipe.encode(message.binary ? OPCODE.binary : OPCODE.text, framePayload(message)));
      }
      pipe.write(frames);
    },
    close: () => sendClose(CLOSE_NORMAL),
  };
}

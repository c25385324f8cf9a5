import {
  decodeTextFrame,
  escapeText,
  headedProtocol,
  messageFromBytes,
  offeredProtocols,
  recordText,
} from '@everywire/protocol/internal';
import type { Carrier, CarrierEvents, CarrierRequest } from '../transport.js';

/** The part of a WebSocket that the carrier uses. */
export interface SocketLike extends Pick<WebSocket, 'binaryType' | 'protocol' | 'close'> {
  // biome-ignore-start lint/suspicious/noExplicitAny: as in a WebSocket.
  onopen: ((event?: any) => any) | null;
  onmessage: ((event: any) => any) | null;
  onclose: ((event: any) => any) | null;
  // biome-ignore-end lint/suspicious/noExplicitAny: as in a WebSocket.
  send(data: string | Uint8Array<ArrayBuffer>): void;
}

/** Starts a carrier over the browser's WebSocket or a compatible class. */
export const connectWebSocket = (
  { url, head }: CarrierRequest,
  events: CarrierEvents,
  Socket?: new (url: string, protocols: string[]) => SocketLike,
): Carrier => {
  const socket: SocketLike = new (Socket || WebSocket)(
    `${url.replace(/^http/, 'ws')}/websocket`,
    offeredProtocols(head),
  );
  const close = (): void => {
    socket.onclose = socket.onmessage = socket.onopen = null;
    socket.close();
  };
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => events.onOpened(socket.protocol === headedProtocol);
  socket.onmessage = ({ data }) => {
    if (typeof data !== 'string') events.onMessage(messageFromBytes(new Uint8Array(data)));
    else if (decodeTextFrame(data, events)) {
      close();
      events.onEnded(false, 'damaged');
    }
  };
  socket.onclose = (event) => events.onEnded(event.wasClean);
  return {
    writeRecord: (record) => socket.send(recordText(record)),
    writeMessages(source, first, last) {
      for (let number = first; number <= last; number++) {
        const message = source.messageAt(number);
        socket.send(message.binary ? (message.bytes as Uint8Array<ArrayBuffer>) : escapeText(message));
      }
    },
    close,
  };
};

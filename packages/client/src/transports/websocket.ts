import {
  decodeTextFrame,
  escapeText,
  headedProtocol,
  messageFromBytes,
  offeredProtocols,
  recordText,
} from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';

/** The browser's own WebSocket. */
export const connectWebSocket: Connect = ({ url, head }, events) => {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/websocket`, offeredProtocols(head));
  const close = (): void => {
    socket.onopen = socket.onmessage = socket.onclose = null;
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

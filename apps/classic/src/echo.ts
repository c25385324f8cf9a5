import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

const MESSAGE_BYTES_MAX = 1 << 20;
/** If more bytes of echoes are unread, no further messages of the connection are read. */
const UNREAD_BYTES_MAX = 1 << 20;

/** Accepts a WebSocket on any path, with the first of the offered subprotocols, and sends each message back as it came. */
export function echoOver(server: Server): WebSocketServer {
  // By default, `ws` chooses the first of the offered subprotocols.
  const sockets = new WebSocketServer({ server, maxPayload: MESSAGE_BYTES_MAX });
  sockets.on('connection', echo);
  // The HTTP server reports the same listening errors.
  sockets.on('error', () => undefined);
  return sockets;
}

function echo(socket: WebSocket): void {
  socket.on('error', () => socket.terminate());
  socket.on('message', (data, binary) => {
    socket.send(data, { binary }, () => {
      if (socket.isPaused && socket.bufferedAmount < UNREAD_BYTES_MAX) socket.resume();
    });
    if (socket.bufferedAmount >= UNREAD_BYTES_MAX) socket.pause();
  });
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyRoom } from './body-room.js';

/** Milliseconds a refused request may go on sending before its connection is cut; its answer is to be read first. */
const LINGER_MS = 1_000;
/**
 * Bytes that such requests of one address may send, together. What is read and thrown away fills memory until the garbage collector comes to it, so
 * the bytes beyond stay in the kernel until their connections are cut.
 */
const LINGERING_BYTES_MAX = 8 << 20;

const thrownAway: BodyRoom = new BodyRoom(LINGERING_BYTES_MAX);

/**
 * Call it before a request whose body is not going to be read is answered with `connection: close`. Cutting at once would reset the connection
 * before the client has read why, and Node cuts with the answer: it only ends this half here, until the request is whole. Reading on for ever
 * would be the client's wish.
 */
export function letAnswerBeRead(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  const { socket } = request;
  const cut = socket.destroySoon;
  socket.destroySoon = socket.end;
  const address = socket.remoteAddress ?? '';
  let bytes = 0;
  request.on('data', (piece: Buffer) => {
    if (thrownAway.take(address, piece.length)) bytes += piece.length;
    else request.pause();
  });
  request.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  request.once('close', () => {
    clearTimeout(timer);
    thrownAway.giveBack(address, bytes);
    socket.destroySoon = cut;
    // Before, answers to earlier requests may be waited for; Node cuts after the last.
    if (response.writableFinished) socket.destroySoon();
  });
}

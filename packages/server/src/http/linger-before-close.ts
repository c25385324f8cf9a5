import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyBudget } from './body-budget.js';

/**
 * Milliseconds for which a refused request may continue to send before its connection is cut, so that the client can
 * read the answer.
 */
const LINGER_MS = 1_000;
/**
 * Maximum bytes of refused requests of one address that are read and discarded, in total. Discarded bytes use memory
 * until the next garbage collection, so further bytes stay in the kernel until their connections are cut.
 */
const LINGERING_BYTES_MAX = 8 << 20;

const thrownAway: BodyBudget = new BodyBudget(LINGERING_BYTES_MAX);

/**
 * Keeps the connection of a refused request open for a short time, so that the client can read the answer.
 *
 * The caller must call this before it answers a request whose body it does not read with `connection: close`. Node
 * closes the connection right after such an answer. If unread bytes of the body remain, this resets the connection
 * before the client has read the answer. So the body is read and discarded for `LINGER_MS`.
 */
export function lingerBeforeClose(request: IncomingMessage, response: ServerResponse): void {
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
    // Answers to earlier requests may still be due; Node closes after the last.
    if (response.writableFinished) socket.destroySoon();
  });
}

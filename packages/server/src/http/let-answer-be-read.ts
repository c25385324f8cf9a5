import type { IncomingMessage, ServerResponse } from 'node:http';

/** Milliseconds a refused request may go on sending before its connection is cut; its answer is to be read first. */
const LINGER_MS = 1_000;

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
  request.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  request.once('close', () => {
    clearTimeout(timer);
    socket.destroySoon = cut;
    // Before, answers to earlier requests may be waited for; Node cuts after the last.
    if (response.writableFinished) socket.destroySoon();
  });
}

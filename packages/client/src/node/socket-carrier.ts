import type { Duplex } from 'node:stream';
import type { Opcode } from '@everywire/protocol/internal';
import { createFramedCarrier } from '../framed-carrier.js';
import { CLOSE_LINGER_MS } from '../limits.js';
import type { Carrier, CarrierEvents, CarrierRequest } from '../transport.js';

/**
 * Starts a carrier (an object that transmits records and messages) of RFC 6455 frames over a Node socket whose
 * handshake or hello is complete.
 * @param head bytes that were received together with the end of the handshake or hello
 */
export function openSocketCarrier(
  socket: Duplex,
  head: Buffer,
  encode: (opcode: Opcode, payload: Uint8Array) => Uint8Array,
  request: CarrierRequest,
  events: CarrierEvents,
): Carrier {
  const carrier = createFramedCarrier(
    {
      encode,
      write(frames) {
        if (!socket.writable) return;
        socket.cork();
        for (const frame of frames) socket.write(frame);
        socket.uncork();
      },
      end() {
        // Destroys the socket after a while, because a server might never close its half of the connection.
        socket.end();
        const linger = setTimeout(() => socket.destroy(), CLOSE_LINGER_MS);
        socket.once('close', () => clearTimeout(linger));
      },
    },
    request,
    events,
  );
  // Puts the bytes back into the socket, which delivers them in the next tick, after the caller has returned.
  if (head.length > 0) socket.unshift(head);
  socket.on('data', (chunk: Buffer) => carrier.feed(chunk));
  socket.on('error', () => carrier.connectionLost());
  socket.on('close', () => carrier.connectionLost());
  return carrier;
}

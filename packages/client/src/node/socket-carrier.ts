import type { Duplex } from 'node:stream';
import type { Opcode } from '@everywire/protocol/internal';
import { createFramedCarrier } from '../framed-carrier.js';
import { CLOSE_LINGER_MS } from '../limits.js';
import type { Carrier, CarrierEvents, CarrierRequest } from '../transport.js';

/**
 * Starts a carrier of frames over a Node socket.
 * @param head bytes already received after the handshake or hello
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
        // A server that never closes its half must not keep the socket open.
        socket.end();
        const linger = setTimeout(() => socket.destroy(), CLOSE_LINGER_MS);
        socket.once('close', () => clearTimeout(linger));
      },
    },
    request,
    events,
  );
  // Bytes received with the handshake are put back; nothing is read before the next tick.
  if (head.length > 0) socket.unshift(head);
  socket.on('data', (chunk: Buffer) => carrier.feed(chunk));
  socket.on('error', () => carrier.cut());
  socket.on('close', () => carrier.cut());
  return carrier;
}

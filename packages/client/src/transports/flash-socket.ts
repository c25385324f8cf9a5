import { encodeFrame } from '@everywire/protocol/internal';
import { createFramedCarrier, type FramedCarrier } from '../framed-carrier.js';
import { tcpHello } from '../tcp-hello.js';
import type { Connect, TransportModule } from '../transport.js';
import { openFlashConnection } from './flash-bridge.js';

/** The addresses of the Flash movie, which opens TCP connections for the page, and of the server's raw TCP port. */
export interface FlashAddress {
  /** Address of a copy of this package's `flash/bridge.swf` on the page's own server. */
  readonly movie: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Creates a transport over raw TCP (SN-17) through a Flash movie. Client and server first exchange a hello, then RFC 6455
 * frames, which are unmasked in both directions.
 */
export function createFlashSocket({ movie, ...address }: FlashAddress): TransportModule {
  const connect: Connect = (request, events) => {
    let carrier: FramedCarrier | undefined;
    let answer = '';
    const refuse = (): void => {
      connection.close();
      events.onEnded(false, 'refused');
    };
    const open = (rest: string): void => {
      const pipe = {
        encode: encodeFrame,
        write: (frames: readonly Uint8Array[]) => connection.write(joined(frames)),
        end: () => connection.close(),
      };
      carrier = createFramedCarrier(pipe, request, events);
      events.onOpened();
      if (rest !== '') carrier.feed(toBytes(rest));
    };
    const onData = (text: string): void => {
      if (carrier) {
        carrier.feed(toBytes(text));
        return;
      }
      answer += text;
      if (answer.startsWith(tcpHello)) open(answer.slice(tcpHello.length));
      else if (!tcpHello.startsWith(answer)) refuse();
    };
    const connection = openFlashConnection(movie, address, (event, base64) => {
      if (event === 'open') connection.write(toBytes(tcpHello));
      else if (event === 'data') onData(atob(base64));
      else if (carrier) carrier.connectionLost();
      else refuse();
    });
    return {
      writeRecord: (record) => carrier?.writeRecord?.(record),
      writeMessages: (source, first, last) => carrier?.writeMessages?.(source, first, last),
      close: () => (carrier ?? connection).close(),
    };
  };
  return { connect };
}

/** Converts a text of one character per byte to its bytes. */
function toBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function joined(frames: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const frame of frames) length += frame.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const frame of frames) {
    all.set(frame, at);
    at += frame.length;
  }
  return all;
}

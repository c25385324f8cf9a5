import { type Message, messageFromBytes, messageFromText } from '@everywire/protocol/internal';
import { WireError } from './wire-error.js';

/**
 * Makes the messages a server sends. Their serials rise over all sessions and topics, so that a run of them is known by its
 * ends (SN-27). Bytes are copied: the caller may go on using its memory.
 *
 * @throws WireError `message_too_big`
 */
export function createMessageMaker(messageBytesMax: number): (data: string | Uint8Array) => Message {
  let serial = 0;
  return (data) => {
    serial += 1;
    const message =
      typeof data === 'string' ? messageFromText(data, serial) : messageFromBytes(new Uint8Array(data), serial);
    if (message.byteLength > messageBytesMax) throw new WireError('message_too_big');
    return message;
  };
}

import type { Message, MessageRow } from './model.js';

/** A stored message as it goes over the wire: without what only the arithmetic of its sender needs (CH-7). */
export function messageRow(message: Message): MessageRow {
  return {
    sequence: message.sequence,
    id: message.id,
    sender: message.sender,
    commandId: message.commandId,
    body: message.body,
    sentAt: message.sentAt,
    modification: message.modification,
    ordinal: message.ordinal,
  };
}

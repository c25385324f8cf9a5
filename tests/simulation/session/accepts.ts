import { type ClientSession, type ClientStart, type Message, ServerSession } from '@everywire/protocol/internal';

/** Whether a message of this size would be accepted. What is sent to a frozen session is passed on (SN-24). */
export function accepts(session: ServerSession | ClientSession | ClientStart, bytes: number): boolean {
  if (!(session instanceof ServerSession)) return session.sessionState.accepts(bytes);
  return session.frozen || session.sessionState.outgoing.accepts(bytes);
}

/** Whether this end has a verdict. */
export function isOver(session: ServerSession | ClientSession | ClientStart): boolean {
  return session.sessionState.done !== null;
}

/** What the first stage of a client does not read. */
export function isLate(item: object): boolean {
  return 't' in item && (item.t === 'auth' || item.t === 'rotate');
}

/** Whether that message was sent: the same one, or one of the same content that was put together of parts. */
export function isSame(message: Message, sent: Message | undefined): boolean {
  if (message === sent || !sent || message.serial !== 0) return message === sent;
  return message.binary === sent.binary && message.byteLength === sent.byteLength && message.hash === sent.hash;
}

import type { CommandId } from '@everywire/chat';

/** 128 random bits as 32 lower-case hex digits: what makes a command happen once (CH-18). Works on plain http too. */
export function mintId(): CommandId {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

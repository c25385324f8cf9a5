import type { ConversationEntry } from '@everywire/chat-client';
import { isMuted } from '../conversations/badge.js';

/** Why a conversation does not notify now. */
export type Silence = 'muted' | 'archived' | 'none';

/** Returns why the conversation does not notify at `now` (milliseconds since the epoch), or `null` if it does. */
export function silenceOf(entry: ConversationEntry, now: number): Silence | null {
  if (entry.notify === 'none') return 'none';
  if (isMuted(entry, now)) return 'muted';
  return entry.place === 'archived' ? 'archived' : null;
}

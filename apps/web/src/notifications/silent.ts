import type { ConversationEntry } from '@everywire/chat-client';
import { isMuted } from '../conversations/badge.js';

/** Why nothing of a conversation notifies now; `null` where something does. */
export type Silence = 'muted' | 'archived' | 'none';

/** `now`: milliseconds since the epoch. */
export function silenceOf(entry: ConversationEntry, now: number): Silence | null {
  if (entry.notify === 'none') return 'none';
  if (isMuted(entry, now)) return 'muted';
  return entry.place === 'archived' ? 'archived' : null;
}

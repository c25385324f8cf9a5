import type { ChatClient, Presence } from '@everywire/chat-client';
import { useClient, usePresence as useWatchedPresence } from '@everywire/chat-react';
import type { Dot } from '../look/avatar.js';
import { useConnected } from './connected-context.js';

/** What was last known of each person before the connection was lost: dots turn hollow then, they do not vanish. */
const lastKnown = new WeakMap<ChatClient, Map<number, Exclude<Presence, { readonly state: 'unknown' }>>>();

/** A person's presence as the page may claim it. `was-online` is online before the cut. */
export type ShownPresence =
  | { readonly state: 'online' | 'was-online' | 'unknown' }
  | { readonly state: 'away'; readonly lastSeenAt: number | null };

/** Watches these people, and answers what is known of each. Presence flows only towards those who look. */
export function usePresence(users: readonly number[]): (user: number) => ShownPresence {
  const client = useClient();
  const connected = useConnected();
  const presenceOf = useWatchedPresence(users);
  return (user) => shownPresence(client, user, connected ? presenceOf(user) : { state: 'unknown' });
}

export function dotOf(presence: ShownPresence): Dot {
  if (presence.state === 'online') return 'here';
  return presence.state === 'was-online' ? 'was' : null;
}

function shownPresence(client: ChatClient, user: number, presence: Presence): ShownPresence {
  let known = lastKnown.get(client);
  if (known === undefined) {
    known = new Map();
    lastKnown.set(client, known);
  }
  if (presence.state !== 'unknown') {
    known.set(user, presence);
    return presence;
  }
  const before = known.get(user) ?? presence;
  return before.state === 'online' ? { state: 'was-online' } : before;
}

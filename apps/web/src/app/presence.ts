import type { ChatClient, Presence } from '@everywire/chat-client';
import { useClient, usePresence as useWatchedPresence } from '@everywire/chat-react';
import type { Dot } from '../design/avatar.js';
import { useConnected } from './connected-context.js';

/** The last known presence of each person before the connection was lost, so that dots turn hollow instead of disappearing. */
const lastKnown = new WeakMap<ChatClient, Map<number, Exclude<Presence, { readonly state: 'unknown' }>>>();

/** A person's presence as displayed. `was-online` means online before the connection was lost. */
export type ShownPresence =
  | { readonly state: 'online' | 'was-online' | 'unknown' }
  | { readonly state: 'away'; readonly lastSeenAt: number | null };

/** Subscribes to the presence of these people and returns a lookup function. The server only sends presence to subscribers. */
export function usePresence(users: readonly number[]): (user: number) => ShownPresence {
  const client = useClient();
  const connected = useConnected();
  const presenceOf = useWatchedPresence(users);
  return (user) => shownPresence(client, user, connected ? presenceOf(user) : { state: 'unknown' });
}

/** Returns the dot to draw on an avatar for a presence. */
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

import type { Person } from '@everywire/chat-client';
import { type ShownPresence, usePresence } from '../app/presence.js';
import { usePreferences } from '../design/preferences.js';
import { lastSeenWords } from '../i18n/dates.js';
import { useNow } from '../i18n/use-now.js';
import { useWords } from '../i18n/words.js';

/** Renders a person's presence as text; nothing if it is unknown. */
export function PresenceWords({ presence }: { readonly presence: ShownPresence }) {
  const words = useWords();
  const [{ language }] = usePreferences();
  const now = useNow(60_000);
  switch (presence.state) {
    case 'online':
      return words.online;
    case 'was-online':
      return words.onlineBefore;
    case 'away':
      return lastSeenWords(presence.lastSeenAt, now, words, language);
    case 'unknown':
      return null;
  }
}

/** Renders a person's presence as text; nothing for a deleted account, which was last seen before it was deleted. */
export function PersonPresence({ person: { id, state } }: { readonly person: Person }) {
  const isDeleted = state === 'deleted';
  const presence = usePresence(isDeleted ? [] : [id]);
  return isDeleted ? null : <PresenceWords presence={presence(id)} />;
}

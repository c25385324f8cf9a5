import type { ConversationEntry } from '@everywire/chat-client';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { nameForm } from './name-form.js';

/** How well names match: 0 if one starts with the query, 1 if one contains it, `null` if none does. */
type Rank = 0 | 1 | null;
type PinyinPosition = typeof import('./pinyin-match.js').pinyinPosition;

let pinyin: PinyinPosition | null = null;
let isLoading = false;
const listeners = new Set<() => void>();

/** Fetches the pinyin of 20,000 characters (85 kB). After a failure, for example offline, the next query tries again. */
function loadPinyin(): void {
  if (isLoading) return;
  isLoading = true;
  import('./pinyin-match.js').then(
    (module) => {
      pinyin = module.pinyinPosition;
      for (const listener of listeners) listener();
    },
    () => {
      isLoading = false;
    },
  );
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/**
 * Returns a function that ranks how the names of a person or conversation match the query, Chinese names also by pinyin. An empty query
 * matches everything. Pinyin is fetched when Latin letters meet the first Chinese name; the caller renders again when it is there.
 */
export function useNameMatch(query: string): (...names: readonly string[]) => Rank {
  const position = useSyncExternalStore(subscribe, () => pinyin);
  return useMemo(() => {
    const wanted = nameForm(query);
    const isLatin = /[a-z]/.test(wanted);
    return (...names) => {
      const forms = names.map(nameForm);
      const places = forms.map((form) => form.indexOf(wanted)).filter((place) => place !== -1);
      const chinese = isLatin ? forms.filter((form) => /\p{Script=Han}/u.test(form)) : [];
      if (chinese.length > 0 && position === null) loadPinyin();
      else places.push(...chinese.flatMap((form) => position?.(form, wanted) ?? []));
      if (places.length === 0) return null;
      return places.includes(0) ? 0 : 1;
    };
  }, [query, position]);
}

/** Returns a function that tells whether the query matches a conversation: by its title, or by the names of its peer. */
export function useConversationMatch(query: string): (entry: ConversationEntry) => boolean {
  const matches = useNameMatch(query);
  return useCallback(
    ({ title, peer }) => matches(title, peer?.name ?? '', peer?.displayName ?? '') !== null,
    [matches],
  );
}

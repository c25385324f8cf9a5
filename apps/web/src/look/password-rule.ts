import type { ServerInfo } from '@everywire/chat-client';
import { createContext, useContext, useEffect, useState } from 'react';
import { useWords } from '../i18n/words.js';

/** Asks the server what it is, for what it wants of a password. */
export const PasswordRuleContext = createContext<(() => Promise<ServerInfo>) | null>(null);

/** What an older server takes. */
const charactersMin = 8;

/** What is asked of a new password, once that is known. */
export function passwordHint(words: ReturnType<typeof useWords>, place: ServerInfo | null): string | undefined {
  return place === null ? undefined : words.passwordHint(place.passwordCharactersMin ?? charactersMin);
}

/** The same, where nobody has asked the server yet. */
export function usePasswordHint(wanted: boolean): string | undefined {
  const words = useWords();
  const ask = useContext(PasswordRuleContext);
  const [place, setPlace] = useState<ServerInfo | null>(null);
  useEffect(() => {
    let dropped = false;
    if (!wanted || ask === null) return;
    ask().then(
      (info) => {
        if (!dropped) setPlace(info);
      },
      // Unanswered, a refusal says it.
      () => undefined,
    );
    return () => {
      dropped = true;
    };
  }, [ask, wanted]);
  return passwordHint(words, place);
}

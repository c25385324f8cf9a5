import type { ServerInfo } from '@everywire/chat-client';
import { createContext, useContext, useEffect, useState } from 'react';
import { useWords } from '../i18n/words.js';

/** Asks the server what it is, for what it wants of a name and a password. */
export const PasswordRuleContext = createContext<(() => Promise<ServerInfo>) | null>(null);

/** What an older server takes. */
const older = { nameMin: 2, nameMax: 32, passwordMin: 8 };

/** What is asked of a new password, once that is known. */
export function passwordHint(words: ReturnType<typeof useWords>, place: ServerInfo | null): string | undefined {
  return place === null ? undefined : words.passwordHint(place.passwordCharactersMin ?? older.passwordMin);
}

/** The same of a name to log in with. */
export function nameHint(words: ReturnType<typeof useWords>, place: ServerInfo | null): string | undefined {
  if (place === null) return undefined;
  return words.userNameHint(place.nameCharactersMin ?? older.nameMin, place.nameCharactersMax ?? older.nameMax);
}

/** Both, where nobody has asked the server yet. */
export function usePasswordHint(wanted: boolean): string | undefined {
  return passwordHint(useWords(), useAskedPlace(wanted));
}

export function useNameHint(): string | undefined {
  return nameHint(useWords(), useAskedPlace(true));
}

function useAskedPlace(wanted: boolean): ServerInfo | null {
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
  return place;
}

import type { ServerInfo } from '@everywire/chat-client';
import { createContext, useContext, useEffect, useState } from 'react';
import { useWords } from '../i18n/words.js';

/** Provides a function that loads the server's rules for names and passwords. */
export const PasswordRuleContext = createContext<(() => Promise<ServerInfo>) | null>(null);

/** The rules of servers that do not send them. */
const older = { nameMin: 2, nameMax: 32, passwordMin: 8, passwordMax: 256 };

/** Returns the hint for a new password, or `undefined` until the rules are known. */
export function passwordHint(words: ReturnType<typeof useWords>, place: ServerInfo | null): string | undefined {
  return place === null ? undefined : words.passwordHint(place.passwordCharactersMin ?? older.passwordMin);
}

/** Returns the hint for a user name, or `undefined` until the rules are known. */
export function nameHint(words: ReturnType<typeof useWords>, place: ServerInfo | null): string | undefined {
  if (place === null) return undefined;
  return words.userNameHint(place.nameCharactersMin ?? older.nameMin, place.nameCharactersMax ?? older.nameMax);
}

/** Returns the hint for a new password, and loads the rules if `wanted`. */
export function usePasswordHint(wanted: boolean): string | undefined {
  return passwordHint(useWords(), useAskedPlace(wanted));
}

/** Returns how long a password may be, and loads the rules if `wanted`. */
export function usePasswordRange(wanted: boolean): string | undefined {
  const words = useWords();
  const place = useAskedPlace(wanted);
  if (!wanted || place === null) return undefined;
  return words.passwordRange(
    place.passwordCharactersMin ?? older.passwordMin,
    place.passwordCharactersMax ?? older.passwordMax,
  );
}

/** Returns the hint for a user name, and loads the rules. */
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
      // Without an answer there is no hint; the server's refusal explains the rule.
      () => undefined,
    );
    return () => {
      dropped = true;
    };
  }, [ask, wanted]);
  return place;
}

import { cleanName, isNameText } from '@everywire/chat/internal';
import type { ChatServerLimits } from './limits.js';

type Limit<Name extends keyof ChatServerLimits> = Pick<ChatServerLimits, Name>;

/** How long names, a status and labels may be, and which user names nobody gets. */
export type NameLimits = Limit<
  `${'name' | 'displayName' | 'status' | 'label'}CharactersMax` | 'nameCharactersMin' | 'reservedNames'
>;

/**
 * Letters and marks of any script (Chinese included), digits, and three signs that cannot be confused with markup or addresses. Of two user names that
 * look the same one would be taken for the other, so nothing without a shape is among them, joiners and variation selectors included.
 */
const allowed = /^(?:(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{Nd}._-])+$/u;
const startsPlain = /^[\p{L}\p{Nd}]/u;
/** Without signs that write the same mailbox in other ways: brackets, quotes, comments, lists. */
const emailPattern = /^[^\s@\p{C}<>()[\]\\,;:"]{1,64}@[^\s@\p{C}<>()[\]\\,;:"]{1,190}(?<!\.)$/u;
const bracketed = /^<([^<>]*)>$/;

/** The name one logs in with, in NFKC: what looks the same is the same. `null` when it breaks the rules. Names are compared by `foldName`. */
export function parsePersonName(text: string, limits: Limit<'nameCharactersMin' | 'nameCharactersMax'>): string | null {
  const name = text.normalize('NFKC').trim();
  const characters = [...name].length;
  if (characters < limits.nameCharactersMin || characters > limits.nameCharactersMax) return null;
  return allowed.test(name) && startsPlain.test(name) && isNameText(name) ? name : null;
}

/** What others see: one line of visible text. `null` when nothing remains, it is too long or has what cannot be seen. */
export function parseDisplayName(text: string, limits: Limit<'displayNameCharactersMax'>): string | null {
  const name = parseLine(text, limits.displayNameCharactersMax);
  return name === '' ? null : name;
}

/** A line about oneself, or nothing. `null` when it is too long or has what cannot be seen. */
export function parseStatus(text: string, limits: Limit<'statusCharactersMax'>): string | null {
  return parseLine(text, limits.statusCharactersMax);
}

/** What a device or an invitation is recognised by, by its maker alone: cleaned of what cannot be seen and cut where it is too long, never refused. */
export function parseLabel(text: string | undefined, limits: Limit<'labelCharactersMax'>): string {
  const line = cleanName((text ?? '').replace(/\s+/gu, ' ')).trim();
  return [...line].slice(0, limits.labelCharactersMax).join('');
}

/**
 * Returns a mail address in the one form it is kept in, so that those who share one are counted as such: `<a@b>` is `a@b`. Whether mail arrives
 * there only mail can tell; this keeps out what no address is. Empty is allowed: none.
 */
export function parseEmail(text: string): string | null {
  const email = text.trim().replace(bracketed, '$1');
  return email === '' || emailPattern.test(email) ? email : null;
}

function parseLine(text: string, charactersMax: number): string | null {
  const line = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if ([...line].length > charactersMax) return null;
  return line === '' || isNameText(line) ? line : null;
}

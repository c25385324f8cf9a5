import { cleanName, isNameText } from '@everywire/chat/internal';
import type { ChatServerLimits } from './limits.js';

type Limit<Name extends keyof ChatServerLimits> = Pick<ChatServerLimits, Name>;

/** Limits of names, statuses and labels, and the reserved user names. */
export type NameLimits = Limit<
  `${'name' | 'displayName' | 'status' | 'label'}CharactersMax` | 'nameCharactersMin' | 'reservedNames'
>;

/**
 * Letters and marks of any script, digits, and three characters that cannot be confused with markup or addresses.
 * Excludes invisible characters, joiners and variation selectors included, because they would allow two user names that
 * look the same.
 */
const allowed = /^(?:(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{Nd}._-])+$/u;
const startsPlain = /^[\p{L}\p{Nd}]/u;
/** Excludes brackets, quotes, comments and lists, with which one mailbox could be written in several ways. */
const emailPattern = /^[^\s@\p{C}<>()[\]\\,;:"]{1,64}@[^\s@\p{C}<>()[\]\\,;:"]{1,190}(?<!\.)$/u;
const bracketed = /^<([^<>]*)>$/;

/**
 * Parses a user name. Returns it in NFKC, so that most names that look equal are equal; `null` if it is invalid. Compare
 * names by `foldName`.
 */
export function parsePersonName(text: string, limits: Limit<'nameCharactersMin' | 'nameCharactersMax'>): string | null {
  const name = text.normalize('NFKC').trim();
  const characters = [...name].length;
  if (characters < limits.nameCharactersMin || characters > limits.nameCharactersMax) return null;
  return allowed.test(name) && startsPlain.test(name) && isNameText(name) ? name : null;
}

/**
 * Parses a display name: one line of visible text. Returns `null` if it is empty, too long or has invisible characters.
 */
export function parseDisplayName(text: string, limits: Limit<'displayNameCharactersMax'>): string | null {
  const name = parseLine(text, limits.displayNameCharactersMax);
  return name === '' ? null : name;
}

/** Parses a status: one line, possibly empty. Returns `null` if it is too long or has invisible characters. */
export function parseStatus(text: string, limits: Limit<'statusCharactersMax'>): string | null {
  return parseLine(text, limits.statusCharactersMax);
}

/**
 * Cleans the label of a device or an invitation, which only its creator sees. Removes invisible characters and shortens
 * it; never refuses it.
 */
export function parseLabel(text: string | undefined, limits: Limit<'labelCharactersMax'>): string {
  const line = cleanName((text ?? '').replace(/\s+/gu, ' ')).trim();
  return [...line].slice(0, limits.labelCharactersMax).join('');
}

/**
 * Parses an email address into the one form that is stored, so that accounts sharing it are recognised: `<a@b>` becomes
 * `a@b`. Returns `null` if it is clearly not an address; whether mail arrives is not checked. An empty address is
 * allowed.
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

import type { ChatServerLimits } from './limits.js';

type Limit<Name extends keyof ChatServerLimits> = Pick<ChatServerLimits, Name>;

/** How long names, a status and labels may be. */
export type NameLimits = Limit<`${'name' | 'displayName' | 'status' | 'label'}CharactersMax` | 'nameCharactersMin'>;

/** Letters and marks of any script (Chinese included), digits, and three signs that cannot be confused with markup or addresses. */
const allowed = /^[\p{L}\p{M}\p{Nd}._-]+$/u;
const startsPlain = /^[\p{L}\p{Nd}]/u;
/** What a shown name must not contain: control, format (direction overrides among them) and unassigned code points, line breaks. */
const unseemly = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
/** Joiners are needed to write some scripts and emoji, and cannot turn the direction of text. */
const joiners = /[\u200c\u200d]/g;

const emailPattern = /^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,190}$/u;

/** The name one logs in with, in NFKC: what looks the same is the same. `null` when it breaks the rules. Names are compared by `foldName`. */
export function parsePersonName(text: string, limits: Limit<'nameCharactersMin' | 'nameCharactersMax'>): string | null {
  const name = text.normalize('NFKC').trim();
  const characters = [...name].length;
  if (characters < limits.nameCharactersMin || characters > limits.nameCharactersMax) return null;
  return allowed.test(name) && startsPlain.test(name) ? name : null;
}

/** What others see: one line of visible text. `null` when nothing remains or it is too long. */
export function parseDisplayName(text: string, limits: Limit<'displayNameCharactersMax'>): string | null {
  const name = parseLine(text, limits.displayNameCharactersMax);
  return name === '' ? null : name;
}

/** A line about oneself, or nothing. `null` when it is too long or has what cannot be seen. */
export function parseStatus(text: string, limits: Limit<'statusCharactersMax'>): string | null {
  return parseLine(text, limits.statusCharactersMax);
}

/** What a device or an invitation is recognised by, by its maker alone: cut where it is too long, never refused. */
export function parseLabel(text: string | undefined, limits: Limit<'labelCharactersMax'>): string {
  return [...(text ?? '').replace(/\p{C}/gu, ' ').trim()].slice(0, limits.labelCharactersMax).join('');
}

/** Whether mail arrives there only mail can tell; this keeps out what no address is. Empty is allowed: none. */
export function parseEmail(text: string): string | null {
  const email = text.trim();
  return email === '' || emailPattern.test(email) ? email : null;
}

function parseLine(text: string, charactersMax: number): string | null {
  const line = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if ([...line].length > charactersMax) return null;
  return unseemly.test(line.replace(joiners, '')) ? null : line;
}

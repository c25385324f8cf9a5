/** Letters and marks of any script (Chinese included), digits, and three signs that cannot be confused with markup or addresses. */
const allowed = /^[\p{L}\p{M}\p{Nd}._-]+$/u;
const startsPlain = /^[\p{L}\p{Nd}]/u;
/** What a shown name must not contain: control, format (direction overrides among them) and unassigned code points, line breaks. */
const unseemly = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
/** Joiners are needed to write some scripts and emoji, and cannot turn the direction of text. */
const joiners = /[\u200c\u200d]/g;

const nameCharactersMin = 2;
const nameCharactersMax = 32;
const displayNameCharactersMax = 64;

/** The name one logs in with, in NFKC: what looks the same is the same. `null` when it breaks the rules. Names are compared by `foldName`. */
export function parsePersonName(text: string): string | null {
  const name = text.normalize('NFKC').trim();
  const characters = [...name].length;
  if (characters < nameCharactersMin || characters > nameCharactersMax) return null;
  return allowed.test(name) && startsPlain.test(name) ? name : null;
}

/** What others see: one line of visible text. `null` when nothing remains or it is too long. */
export function parseDisplayName(text: string): string | null {
  const name = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  const characters = [...name].length;
  if (characters < 1 || characters > displayNameCharactersMax) return null;
  return unseemly.test(name.replace(joiners, '')) ? null : name;
}

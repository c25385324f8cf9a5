import { markTerms, type SearchTerm, type TextStretch } from '@everywire/chat-client';

/** The maximum number of characters before the first hit, and in total: two lines of the list. */
const LEAD_MAX = 16;
const CHARACTERS_MAX = 120;

/** Returns the part of a text around its first hit, with the hits marked. */
export function excerptOf(text: string, terms: readonly SearchTerm[]): readonly TextStretch[] {
  const stretches = markTerms(text, terms);
  const [first] = stretches;
  const shown: TextStretch[] = [];
  let left = CHARACTERS_MAX;
  for (const stretch of stretches) {
    const characters = [...stretch.text];
    const isLead = stretch === first && !stretch.hit && stretches.length > 1 && characters.length > LEAD_MAX;
    const kept = isLead ? ['…', ...characters.slice(-LEAD_MAX)] : characters.slice(0, left);
    if (kept.length > 0) shown.push({ text: kept.join(''), hit: stretch.hit });
    left -= kept.length;
    if (left <= 0) return [...shown, { text: '…', hit: false }];
  }
  return shown;
}

/** Letters and signs that Unicode does not decompose, and what people type for them. */
const typed: Readonly<Record<string, string>> = {
  ...{ ı: 'i', ł: 'l', ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', þ: 'th', æ: 'ae', œ: 'oe', ß: 'ss', ς: 'σ' },
  ...{ '‘': "'", '’': "'", ʼ: "'", '＇': "'", '‐': '-', '‑': '-', '–': '-' },
};
const special = new RegExp(`[${Object.keys(typed).join('')}]`, 'gu');
const unseen = /[\p{Mn}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Returns the form in which the page compares names with what a user types: without accents, capitals, full-width and curly variants. It
 * does not depend on the browser's language, so that `info` finds “INFO” in a Turkish browser too. It does not identify a name: two people
 * may have the same form.
 */
export function nameForm(text: string): string {
  const plain = text.normalize('NFKD').replace(unseen, '').toLowerCase();
  return plain
    .replace(special, (sign) => typed[sign] ?? sign)
    .replace(/\s+/gu, ' ')
    .trim();
}

/**
 * Returns the `lang` of a text, derived from its script. It selects fonts, punctuation and the screen reader's voice. Latin text may be in
 * any language, so only its script is returned.
 */
export function scriptOf(text: string): string {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'ja';
  if (/\p{Script=Han}/u.test(text)) return 'zh';
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  if (/\p{Script=Arabic}/u.test(text)) return 'ar';
  if (/\p{Script=Hebrew}/u.test(text)) return 'he';
  return 'und';
}

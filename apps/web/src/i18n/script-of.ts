/**
 * The `lang` of what somebody wrote, found from its characters where the sender did not say: it decides faces and punctuation,
 * and how a screen reader speaks it. Latin text may be any language, so only its script is claimed.
 */
export function scriptOf(text: string): string {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'ja';
  if (/\p{Script=Han}/u.test(text)) return 'zh';
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  if (/\p{Script=Arabic}/u.test(text)) return 'ar';
  if (/\p{Script=Hebrew}/u.test(text)) return 'he';
  return 'und';
}

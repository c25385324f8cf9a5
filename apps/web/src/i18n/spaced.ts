import { isolate } from './isolate.js';

/** Han, kana, and full-width letters and digits, which include their own spacing. */
const ideographic = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/u;
/** Letters, digits and combining marks, except the marks that form emojis. */
const letterOrDigit = /(?![\u20e3\ufe00-\ufe0f])[\p{L}\p{N}\p{M}]/u;

/**
 * Returns the space between two parts of a text: one where Han meets letters or digits of another script, otherwise none: “登录 Everywire”,
 * “登录东滩观鸟”, “用👍回应”. Browsers with `text-autospace` add a gap themselves, but not next to a space.
 */
export function gapBetween(before: string, after: string): '' | ' ' {
  const [left = '', right = ''] = [[...before].at(-1), [...after][0]];
  const meets = (isIdeographic(left) && isOther(right)) || (isOther(left) && isIdeographic(right));
  return meets ? ' ' : '';
}

/** Returns the sentence with each `{name}` replaced and spaced as by `gapBetween`. */
export function spacedName(sentence: string, name: string): string {
  const [first = '', ...others] = sentence.split('{name}');
  return others.reduce(
    (before, after) => before + gapBetween(before, name) + isolate(name) + gapBetween(name, after) + after,
    first,
  );
}

function isIdeographic(character: string): boolean {
  return ideographic.test(character);
}

function isOther(character: string): boolean {
  return !isIdeographic(character) && letterOrDigit.test(character);
}

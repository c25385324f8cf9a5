import { isolate } from './isolate.js';

/** Han, kana, and the full-width forms of letters and digits, which bring their own distance. */
const ideographic = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/u;
/** Letters, digits and what is written above or below them; not the marks that an emoji is made with. */
const letterOrDigit = /(?![\u20e3\ufe00-\ufe0f])[\p{L}\p{N}\p{M}]/u;

/**
 * What stands between two pieces of a text: one space where Han meets letters or digits of another script, on either side, and nothing
 * anywhere else: “登录 Everywire”, “登录东滩观鸟”, “用👍回应”. Browsers that know `text-autospace` set a gap by themselves, and none next to a space.
 */
export function gapBetween(before: string, after: string): '' | ' ' {
  const [left = '', right = ''] = [[...before].at(-1), [...after][0]];
  const meets = (isIdeographic(left) && isOther(right)) || (isOther(left) && isIdeographic(right));
  return meets ? ' ' : '';
}

/** The sentence with what is filled in for its `{name}`, set apart from its own Han as `gapBetween` says, in every place. */
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

/*
 * What a name that others see may be made of: user names, shown names, a status, names of groups, titles of files, labels. By properties of the Unicode
 * Character Database, as the JavaScript engine knows them: a character that is newer than its Unicode version counts as unassigned.
 */

/**
 * Combining marks in a row, at most, with or without joiners between them. Spacing ones (`Mc`) count too: otherwise one of them would begin the next stack.
 * Unicode Technical Standard 39, section 5.4, proposes four; a Hebrew letter with vowel and accent can have five, and a Burmese syllable six. More are a
 * stack that covers the lines above and below, or a row of dotted circles.
 */
export const combiningMarksMax = 6;

/** `Default_Ignorable_Code_Point` has no shape; the blank Braille pattern and the empty note head are symbols with an empty one. */
const shapeless = '\\p{Default_Ignorable_Code_Point}\\u2800\\u{1d159}';

/**
 * What a name must not contain: control, format (direction controls among them), unassigned and private use code points, lone surrogates, line breaks,
 * what has no shape, and enclosing marks, which cover what stands beside them.
 */
const hidden = `[\\p{C}\\p{Zl}\\p{Zp}\\p{Me}${shapeless}]`;

/** Scripts that are written without joiners: there one would only make two names of the same look. */
const unjoined = ['Latin', 'Greek', 'Cyrillic', 'Han', 'Hiragana', 'Katakana', 'Hangul']
  .map((script) => `\\p{Script=${script}}`)
  .join('');

/** Those of them that change the shape of what they follow. Scripts and emoji are written with them. */
const needed = [
  // Keycaps.
  '[0-9#*]\\ufe0f?\\u20e3',
  // The flags of England, Scotland and Wales.
  '\\u{1f3f4}[\\u{e0020}-\\u{e007e}]{1,6}\\u{e007f}',
  // Presentation of emoji and of some Burmese letters, also within a sequence of emoji.
  '[\\p{Emoji}\\p{Script=Myanmar}][\\ufe00-\\ufe0f]\\u200d?',
  '\\p{Script=Han}[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]',
  '\\p{Script=Mongolian}[\\u180b-\\u180f]',
  `(?![${unjoined}])[\\p{L}\\p{M}\\p{Extended_Pictographic}\\p{Emoji_Modifier}][\\u200c\\u200d]`,
].join('|');

const neededOrHidden = new RegExp(`(${needed})|${hidden}`, 'gu');
const standing = new RegExp(`[^\\s\\p{C}\\p{M}${shapeless}]`, 'u');
const visible = new RegExp(`[^\\s\\p{C}${shapeless}]`, 'u');
const joiners = '[\\u200c\\u200d]*';
const stack = new RegExp(`((?:\\p{M}${joiners}){${combiningMarksMax}})(?:\\p{M}${joiners})+`, 'gu');

/** Whether others see all of it, on one line: at least one character that stands by itself, nothing hidden, no stack of combining marks. */
export function isNameText(text: string): boolean {
  return standing.test(text) && cleanName(text) === text;
}

/** Returns the text without what `isNameText` refuses. Nothing may be left. */
export function cleanName(text: string): string {
  return text.replace(neededOrHidden, '$1').replace(stack, '$1');
}

/** Whether nothing of a text of any length can be seen. */
export function isBlank(text: string): boolean {
  return !visible.test(text);
}

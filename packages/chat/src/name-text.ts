/*
 * Rules for the text of visible names: user names, display names, statuses, group names, file titles, labels. The rules
 * use properties of the Unicode Character Database, as the JavaScript engine knows them. A character that is newer than
 * the engine's Unicode version counts as unassigned.
 */

/**
 * Maximum consecutive combining marks (signs drawn above, below or next to a character), with or without joiners
 * between them. Spacing marks (`Mc`) count too, because otherwise each would start a new stack. Unicode Technical
 * Standard 39, section 5.4, proposes four. A Hebrew letter with vowel and accent can have five, and a Burmese syllable
 * six. More marks form a stack that covers the lines above and below, or a row of dotted circles.
 */
export const COMBINING_MARKS_MAX = 6;

/**
 * Characters that are invisible: those with `Default_Ignorable_Code_Point`, the blank Braille pattern, and the empty
 * note head of music.
 */
const SHAPELESS = '\\p{Default_Ignorable_Code_Point}\\u2800\\u{1d159}';

/**
 * Forbidden in names: control, format (including direction controls), unassigned and private use code points, lone surrogates,
 * line breaks, characters without a shape, and enclosing marks, which cover their neighbours.
 */
const hidden = `[\\p{C}\\p{Zl}\\p{Zp}\\p{Me}${SHAPELESS}]`;

/**
 * Scripts that do not use joiners (invisible characters that connect letters). In these scripts, a joiner would only
 * create two names that look the same.
 */
const unjoined = ['Latin', 'Greek', 'Cyrillic', 'Han', 'Hiragana', 'Katakana', 'Hangul']
  .map((script) => `\\p{Script=${script}}`)
  .join('');

/**
 * Sequences with invisible characters that are permitted, because these change the shape of the preceding character, as
 * some scripts and emoji require.
 */
const needed = [
  // Keycaps.
  '[0-9#*]\\ufe0f?\\u20e3',
  // The flags of England, Scotland and Wales.
  '\\u{1f3f4}[\\u{e0020}-\\u{e007e}]{1,6}\\u{e007f}',
  // Presentation of emoji and of some Burmese letters, also within an emoji sequence.
  '[\\p{Emoji}\\p{Script=Myanmar}][\\ufe00-\\ufe0f]\\u200d?',
  '\\p{Script=Han}[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]',
  '\\p{Script=Mongolian}[\\u180b-\\u180f]',
  `(?![${unjoined}])[\\p{L}\\p{M}\\p{Extended_Pictographic}\\p{Emoji_Modifier}][\\u200c\\u200d]`,
].join('|');

const neededOrHidden = new RegExp(`(${needed})|${hidden}`, 'gu');
const standing = new RegExp(`[^\\s\\p{C}\\p{M}${SHAPELESS}]`, 'u');
const visible = new RegExp(`[^\\s\\p{C}${SHAPELESS}]`, 'u');
const JOINERS = '[\\u200c\\u200d]*';
const stack = new RegExp(`((?:\\p{M}${JOINERS}){${COMBINING_MARKS_MAX}})(?:\\p{M}${JOINERS})+`, 'gu');

/**
 * Returns whether the whole name is visible on one line. It must have at least one base character, no hidden
 * characters, and no stack of more than `COMBINING_MARKS_MAX` combining marks.
 */
export function isNameText(text: string): boolean {
  return standing.test(text) && cleanName(text) === text;
}

/** Returns the text without the characters that `isNameText` refuses; possibly empty. */
export function cleanName(text: string): string {
  return text.replace(neededOrHidden, '$1').replace(stack, '$1');
}

/** Returns whether a text has no visible character. */
export function isBlank(text: string): boolean {
  return !visible.test(text);
}

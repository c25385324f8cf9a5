/** The maximum nesting of quotes, lists and emphasis. Deeper levels are shown at this level. Limits the recursion over a tree. */
export const DEPTH_MAX = 16;

/**
 * A text with a line that begins with this many characters of quotes, lists and spaces is shown as plain text. The parser omits
 * text that is nested deeper than `PARSER_DEPTH_MAX`. Each level needs at least one such character, so the parser never omits any.
 */
export const PREFIX_MAX = 80;

/** The nesting that the parser supports. It must exceed `PREFIX_MAX`. */
export const PARSER_DEPTH_MAX = 100;

/** Levels of quotes, lists and emphasis within each other; what lies deeper is shown at the last level. Bounds every walk of a tree. */
export const DEPTH_MAX = 16;

/**
 * A line that begins with this many signs of quotes, lists and blanks makes the whole text plain. The parser leaves out what
 * is nested deeper than `PARSER_DEPTH_MAX`; each level takes one such sign, so nothing is ever left out.
 */
export const PREFIX_MAX = 80;

/** Levels at which the parser gives up, above `PREFIX_MAX`. */
export const PARSER_DEPTH_MAX = 100;

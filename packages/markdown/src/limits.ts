/** Levels of quotes, lists and emphasis within each other; what lies deeper is shown at the last level. Bounds every walk of a tree. */
export const depthMax = 16;

/**
 * A line that begins with this many signs of quotes, lists and blanks makes the whole text plain. The parser leaves out what
 * is nested deeper than `parserDepthMax`; each level takes one such sign, so nothing is ever left out.
 */
export const prefixMax = 80;

/** Levels at which the parser gives up, above `prefixMax`. */
export const parserDepthMax = 100;

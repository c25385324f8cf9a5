const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * Keeps a name that is written from the right from reordering the text around it, where that is no element that could do it: in a
 * placeholder, a title, a notification. Other names stay as they are.
 */
export function isolate(name: string): string {
  return rightToLeft.test(name) ? `\u2068${name}\u2069` : name;
}

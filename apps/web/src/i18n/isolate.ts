const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * Wraps a right-to-left name in isolation characters, so that it does not reorder the text around it. For plain texts such as placeholders,
 * titles and notifications. Returns other names unchanged.
 */
export function isolate(name: string): string {
  return rightToLeft.test(name) ? `\u2068${name}\u2069` : name;
}

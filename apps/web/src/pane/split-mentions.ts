/** A part of a text; `called` if it is a mention. */
export interface Stretch {
  /** Its start index in the text. */
  readonly at: number;
  readonly text: string;
  readonly called: boolean;
}

/** Splits a text at each `@` that is followed by one of the names. The longest matching name wins. */
export function splitMentions(text: string, names: readonly string[]): readonly Stretch[] {
  const longest = [...names].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  const stretches: Stretch[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', Math.max(at + 1, from))) {
    const name = longest.find((one) => text.startsWith(one, at + 1));
    if (name === undefined) continue;
    if (at > from) stretches.push({ at: from, text: text.slice(from, at), called: false });
    from = at + 1 + name.length;
    stretches.push({ at, text: text.slice(at, from), called: true });
  }
  if (from < text.length) stretches.push({ at: from, text: text.slice(from), called: false });
  return stretches;
}

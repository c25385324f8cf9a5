/** A stretch of a text; `called` where it is the name of somebody it calls. */
export interface Stretch {
  /** Where it begins. */
  readonly at: number;
  readonly text: string;
  readonly called: boolean;
}

/** Parts a text at `@` with one of these names; of two that begin alike the longer one counts. */
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

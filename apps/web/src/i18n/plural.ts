const numbers = new Intl.NumberFormat('en');

/** Returns the count with its English noun: `1 message`, `2 messages`, `12,000 messages`. For nouns whose plural ends in s. */
export function plural(count: number, noun: string): string {
  return `${numbers.format(count)} ${count === 1 ? noun : `${noun}s`}`;
}

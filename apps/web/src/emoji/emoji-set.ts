/** An emoji with its search terms. */
export interface Emoji {
  readonly emoji: string;
  /** Unicode's group, from 0 for smileys to 9 for flags. */
  readonly group: number;
  readonly names: { readonly en: string; readonly zh: string };
  /** In lower case: short codes and words in English, words and pinyin in Chinese. */
  readonly words: readonly string[];
}

let loading: Promise<readonly Emoji[]> | null = null;

/** Returns all emojis in Unicode order. Fetches them on first use, and again after a failure. */
export function loadEmojis(): Promise<readonly Emoji[]> {
  loading ??= import('virtual:emoji-data').then(
    (module) => readLines(module.lines),
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

/** Parses the lines of `emoji-data.ts`. */
export function readLines(lines: string): readonly Emoji[] {
  return lines.split('\n').map((line) => {
    const [emoji = '', group = '', en = '', zh = '', words = ''] = line.split('\t');
    return { emoji, group: Number(group), names: { en, zh }, words: words.split(' ') };
  });
}

/** Returns the emojis that match a query, the best first: by name, by another whole word, by the start of a word, by any part of a word. */
export function findEmojis(emojis: readonly Emoji[], query: string): readonly Emoji[] {
  const wanted = query.trim().toLowerCase().replace(/\s+/g, ' ');
  if (wanted === '') return [];
  const places: Emoji[][] = [[], [], [], []];
  for (const emoji of emojis) {
    const place = placeOf(emoji, wanted);
    if (place !== null) places[place]?.push(emoji);
  }
  return places.flat();
}

function placeOf({ names, words }: Emoji, wanted: string): number | null {
  const named = [names.en.toLowerCase(), names.zh];
  if (named.includes(wanted)) return 0;
  if (words.includes(wanted)) return 1;
  const all = [...named, ...words];
  if (all.some((word) => word.startsWith(wanted))) return 2;
  return all.some((word) => word.includes(wanted)) ? 3 : null;
}

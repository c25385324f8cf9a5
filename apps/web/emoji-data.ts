import type { Plugin } from 'vite';

const moduleName = 'virtual:emoji-data';
const resolvedName = `\0${moduleName}`;
/** Emojis of later versions are empty boxes on most systems. */
const versionMax = 15.1;
/** The group of skin tones and hair styles. */
const components = 2;

/**
 * Provides `virtual:emoji-data`: one line per emoji in Unicode order, with the tab-separated fields emoji, group number, English name,
 * Chinese name, and search terms. A third of the size of the source data sets.
 */
export const emojiData: Plugin = {
  name: 'emoji-data',
  resolveId: (id) => (id === moduleName ? resolvedName : null),
  load: async (id) =>
    id === resolvedName ? `export const lines = ${JSON.stringify((await linesOf()).join('\n'))};` : null,
};

export async function linesOf(): Promise<readonly string[]> {
  const { en, zh, shortcodes, pinyin, versions } = await readSets();
  const young = new Set(
    Object.entries(versions).flatMap(([version, hexcodes]) => (Number(version) > versionMax ? hexcodes : [])),
  );
  const chinese = new Map(zh.map((emoji) => [emoji.hexcode, emoji]));
  const shown = en.filter(({ group, hexcode }) => group !== undefined && group !== components && !young.has(hexcode));
  return shown
    .toSorted((one, other) => (one.order ?? 0) - (other.order ?? 0))
    .map((emoji) => {
      const { hexcode, label, group, tags = [] } = emoji;
      const translated = chinese.get(hexcode);
      const words = [codesOf(shortcodes, hexcode), tags, translated?.tags ?? [], codesOf(pinyin, hexcode)].flat();
      const found = [...new Set(words.map((word) => word.toLowerCase()))].join(' ');
      return [usualForm(emoji.unicode), group, label, translated?.label ?? label, found].join('\t');
    });
}

/** Loaded on demand, because each test run loads this file. */
async function readSets() {
  const json = { with: { type: 'json' } } as const;
  const [en, zh, shortcodes, pinyin, versions] = await Promise.all([
    import('emojibase-data/en/compact.json', json),
    import('emojibase-data/zh/compact.json', json),
    import('emojibase-data/en/shortcodes/github.json', json),
    import('emojibase-data/zh/shortcodes/cldr.json', json),
    import('emojibase-data/versions/emoji.json', json),
  ]);
  return {
    en: en.default,
    zh: zh.default,
    shortcodes: shortcodes.default,
    pinyin: pinyin.default,
    versions: versions.default,
  };
}

/** Removes the variation selector where the emoji is coloured without it. Keyboards omit it, and otherwise reactions would differ. */
function usualForm(emoji: string): string {
  return emoji.replace(/^(\p{Emoji_Presentation})\uFE0F$/u, '$1');
}

function codesOf(codes: Readonly<Record<string, string | readonly string[]>>, hexcode: string): readonly string[] {
  return [codes[hexcode] ?? []].flat();
}

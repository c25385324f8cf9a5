import type { Plugin } from 'vite';

const moduleName = 'virtual:emoji-data';
const resolvedName = `\0${moduleName}`;
/** Younger ones are empty boxes on the systems that most people have. */
const versionMax = 15.1;
/** Skin tones and hair by themselves. */
const components = 2;

/**
 * Gives the page `virtual:emoji-data`: a line for each emoji, in the order of Unicode, of its fields with tabs between: the emoji, the number of its
 * group, its English and its Chinese name, and the words that find it. A third of the sets that it is made of.
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

/** Read where they are wanted: each run of the tests loads this file. */
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

/** Without the mark that asks for colour where the emoji is in colour by itself: keyboards leave it out, and reactions would not be the same. */
function usualForm(emoji: string): string {
  return emoji.replace(/^(\p{Emoji_Presentation})\uFE0F$/u, '$1');
}

function codesOf(codes: Readonly<Record<string, string | readonly string[]>>, hexcode: string): readonly string[] {
  return [codes[hexcode] ?? []].flat();
}

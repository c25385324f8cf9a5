import { describe, expect, it } from 'vitest';
import { linesOf } from '../../emoji-data.js';
import { findEmojis, readLines } from './emoji-set.js';

const emojis = readLines((await linesOf()).join('\n'));
const found = (query: string): readonly string[] => findEmojis(emojis, query).map(({ emoji }) => emoji);

describe('the set of emojis', () => {
  it('the set has every group except components, each emoji once, in Unicode order', () => {
    expect([...new Set(emojis.map(({ group }) => group))]).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(emojis.map(({ emoji }) => emoji)).size).toBe(emojis.length);
    expect(emojis.length).toBeGreaterThan(1_800);
    expect(emojis[0]).toMatchObject({ emoji: '😀', names: { en: 'grinning face', zh: '嘿嘿' } });
  });

  it('the set has emojis as keyboards write them, so that equal reactions match', () => {
    const all = new Set(emojis.map(({ emoji }) => emoji));
    for (const emoji of ['👍', '❤️', '😂', '🎉', '😮', '🙏']) expect(all.has(emoji), emoji).toBe(true);
  });
});

describe('findEmojis', () => {
  it('emojis are found by English words and short codes, in any case', () => {
    expect(found('tada')[0]).toBe('🎉');
    expect(found('+1')).toContain('👍');
    expect(found('Thumbs  UP')[0]).toBe('👍');
    expect(found('smi').slice(0, 8)).toContain('😄');
  });

  it('emojis are found by Chinese words and by pinyin', () => {
    expect(found('笑').length).toBeGreaterThan(5);
    expect(found('竖大拇指').concat(found('拇指'))).toContain('👍');
    expect(found('jing_ya').concat(found('jing'))).not.toEqual([]);
  });

  it('names rank before other words, whole words before starts of words, and those before parts', () => {
    const set = readLines(
      '🦁\t3\ttomcat\t狮\tbig\n🐟\t3\tcatfish\t鱼\tfin\n🐯\t3\ttiger\t虎\tcat wild\n🐈\t3\tCat\t猫\tpet',
    );
    expect(findEmojis(set, 'cat').map(({ emoji }) => emoji)).toEqual(['🐈', '🐯', '🐟', '🦁']);
  });

  it('an empty query finds nothing', () => {
    expect([found(''), found('  '), found('zzzzqq')]).toEqual([[], [], []]);
  });
});

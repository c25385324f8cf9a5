import { describe, expect, it } from 'vitest';
import { linesOf } from '../../emoji-data.js';
import { findEmojis, readLines } from './emoji-set.js';

const emojis = readLines((await linesOf()).join('\n'));
const found = (query: string): readonly string[] => findEmojis(emojis, query).map(({ emoji }) => emoji);

describe('the set of emojis', () => {
  it('has every group but that of parts, each emoji once, in the order of Unicode', () => {
    expect([...new Set(emojis.map(({ group }) => group))]).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(emojis.map(({ emoji }) => emoji)).size).toBe(emojis.length);
    expect(emojis.length).toBeGreaterThan(1_800);
    expect(emojis[0]).toMatchObject({ emoji: '😀', names: { en: 'grinning face', zh: '嘿嘿' } });
  });

  it('has them as keyboards write them, so that a reaction is the same whoever sets it', () => {
    const all = new Set(emojis.map(({ emoji }) => emoji));
    for (const emoji of ['👍', '❤️', '😂', '🎉', '😮', '🙏']) expect(all.has(emoji), emoji).toBe(true);
  });
});

describe('finding', () => {
  it('goes by English words and short codes, in any case', () => {
    expect(found('tada')[0]).toBe('🎉');
    expect(found('+1')).toContain('👍');
    expect(found('Thumbs  UP')[0]).toBe('👍');
    expect(found('smi').slice(0, 8)).toContain('😄');
  });

  it('goes by Chinese words and by pinyin', () => {
    expect(found('笑').length).toBeGreaterThan(5);
    expect(found('竖大拇指').concat(found('拇指'))).toContain('👍');
    expect(found('jing_ya').concat(found('jing'))).not.toEqual([]);
  });

  it('puts names before other words, those before beginnings, and beginnings before the rest', () => {
    const set = readLines(
      '🦁\t3\ttomcat\t狮\tbig\n🐟\t3\tcatfish\t鱼\tfin\n🐯\t3\ttiger\t虎\tcat wild\n🐈\t3\tCat\t猫\tpet',
    );
    expect(findEmojis(set, 'cat').map(({ emoji }) => emoji)).toEqual(['🐈', '🐯', '🐟', '🦁']);
  });

  it('finds nothing for nothing', () => {
    expect([found(''), found('  '), found('zzzzqq')]).toEqual([[], [], []]);
  });
});

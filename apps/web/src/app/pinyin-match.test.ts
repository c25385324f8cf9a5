import { expect, test } from 'vitest';
import { pinyinPosition } from './pinyin-match.js';

test.each([
  ['海港街项目组', ['haigangjiexiangmuzu', 'haigang', 'haig', 'hgj', 'hg', 'hai gang', 'hgjxmz'], 0],
  ['海港街项目组', ['xmz', 'xiangmu'], 3],
  ['陈默', ['cm', 'chenmo', 'chen', 'chenm'], 0],
  ['赵雷', ['zhaolei', 'zl'], 0],
  ['曾国藩', ['zeng', 'zgf'], 0],
  ['单田芳', ['shan', 'stf'], 0],
  ['解晓东', ['xie', 'xxd'], 0],
  ['仇英', ['qiu'], 0],
  ['吕布', ['lv', 'lvbu', 'lubu', 'lyubu', 'lb'], 0],
  ['西安', ["xi'an", 'xa'], 0],
  ['陳默', ['chenmo', 'cm'], 0],
  ['it部门 2', ['itbm', 'bm2'], null],
] as const)('%s is found by %j', (name, queries, position) => {
  for (const query of queries) {
    const found = pinyinPosition(name, query);
    expect([query, position === null ? found !== null : found]).toEqual([query, position ?? true]);
  }
});

test('a name is not found by a part of a syllable, nor by letters it does not have', () => {
  for (const query of ['aigang', 'gh', 'haigangx', 'x'.repeat(500)]) expect(pinyinPosition('海港', query)).toBeNull();
});

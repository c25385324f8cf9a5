import { expect, it } from 'vitest';
import { foldName } from './fold-name.js';

it.each([
  ['Ann', 'ann'],
  [' ＡＮＮ ', 'ann'],
  ['ﬁona', 'fiona'],
  ['ÉMILE', 'émile'],
  ['E\u0301mile', 'émile'],
  ['陈晨', '陈晨'],
])('the name %j folds to %j', (name, folded) => {
  expect(foldName(name)).toBe(folded);
  expect(foldName(foldName(name))).toBe(folded);
});

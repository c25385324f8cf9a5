import { expect, test } from 'vitest';
import { PacedReports } from './paced-reports.js';

test('the first event is reported immediately, and a flood once per interval with its number', () => {
  const reports: number[] = [];
  const paced = new PacedReports(3, (count) => reports.push(count));
  for (let events = 0; events < 5; events += 1) paced.add(1);
  expect(reports).toEqual([1]);
  for (let beats = 0; beats < 3; beats += 1) paced.tick();
  expect(reports).toEqual([1, 4]);
  for (let beats = 0; beats < 9; beats += 1) paced.tick();
  paced.add(1);
  expect(reports).toEqual([1, 4, 1]);
});

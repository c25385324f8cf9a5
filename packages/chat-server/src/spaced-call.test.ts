import { expect, test } from 'vitest';
import { LostHints } from './lost-hints.js';

test('[CH-16.3] people look at the next tick after a hint was lost, and then at most once a minute', () => {
  let looks = 0;
  const lost = new LostHints(() => {
    looks += 1;
  });
  const pass = (ticks: number): number => {
    for (let tick = 0; tick < ticks; tick += 1) lost.tick();
    return looks;
  };
  expect(pass(100)).toBe(0);
  lost.note();
  lost.note();
  expect(pass(1)).toBe(1);
  lost.note();
  expect([pass(59), pass(1), pass(200)]).toEqual([1, 2, 2]);
});

import { expect, test } from 'vitest';
import { ThrottledCall } from './throttled-call.js';

test('[CH-16.3] ThrottledCall runs immediately, then once for all calls during the quiet time', () => {
  let done = 0;
  const spaced = new ThrottledCall(() => {
    done += 1;
  }, 10);
  const pass = (ticks: number): number => {
    for (let tick = 0; tick < ticks; tick += 1) spaced.tick();
    return done;
  };
  expect(pass(100)).toBe(0);
  spaced.call();
  expect(done).toBe(1);
  spaced.call();
  spaced.call();
  expect([pass(9), pass(1), pass(200)]).toEqual([1, 2, 2]);
  spaced.call();
  expect(done).toBe(3);
});

import { expect, test } from 'vitest';
import { StopRequests } from './shutdown.js';

test('the first signal stops, its echo changes nothing, a second one ends the process at once', () => {
  const requests = new StopRequests();
  expect([1_000, 1_001, 1_999, 2_000, 9_000].map((now) => requests.next(now))).toEqual([
    'stop',
    'echo',
    'echo',
    'exit',
    'exit',
  ]);
});

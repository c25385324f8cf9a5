import { expect, test } from 'vitest';
import { StopRequests } from './shutdown.js';

test('the first signal stops the server, its echo is ignored, and a second signal exits immediately', () => {
  const requests = new StopRequests();
  expect([1_000, 1_001, 1_999, 2_000, 9_000].map((now) => requests.next(now))).toEqual([
    'stop',
    'echo',
    'echo',
    'exit',
    'exit',
  ]);
});

import { expect, test } from 'vitest';
import { BrokerLinks } from './broker-links.js';

test('[SN-26.6] a loss is known by the next publication of its link, once', () => {
  const links = new BrokerLinks();
  expect([1, 2, 4, 5].map((count) => links.came('a', count))).toEqual([false, false, true, false]);
  expect([4, 5].map((count) => links.came('a', count))).toEqual([false, false]);
  expect(links.came('b', 2)).toBe(true);
});

test('[SN-26.6] the loss of the last publication is known by the heartbeat, once', () => {
  const links = new BrokerLinks();
  expect(links.beat('a', 0)).toBe(false);
  links.came('a', 1);
  expect([1, 2, 2].map((count) => links.beat('a', count))).toEqual([false, true, false]);
  expect(links.came('a', 3)).toBe(false);
  links.forget('a');
  expect(links.came('a', 1)).toBe(false);
});

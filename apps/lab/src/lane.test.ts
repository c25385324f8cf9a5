import { expect, it } from 'vitest';
import { Lane } from './lane.js';

it('is killed by two pages at once', async () => {
  const lane = await Lane.start('websocket', () => undefined, [], 0, '127.0.0.1');
  await Promise.all([lane.happen('kill'), lane.happen('kill'), lane.happen('kill')]);
  expect((await fetch(`http://127.0.0.1:${lane.port}/`)).status).toBe(404);
  await lane.close();
});

import { describe, expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue.js';

describe('keyed queue', () => {
  it('run sequentially for one key and concurrently for two keys', async () => {
    const queue = new KeyedQueue<string>();
    const log: string[] = [];
    const release: (() => void)[] = [];
    const take = (key: string, name: string): Promise<string> =>
      queue.run(key, async () => {
        log.push(`${name} begins`);
        await new Promise<void>((resolve) => release.push(resolve));
        log.push(`${name} ends`);
        return name;
      });
    const all = Promise.all([take('a', 'a1'), take('a', 'a2'), take('b', 'b1')]);
    await afterMicrotasks();
    expect(log).toEqual(['a1 begins', 'b1 begins']);
    release[0]?.();
    await afterMicrotasks();
    expect(log).toEqual(['a1 begins', 'b1 begins', 'a1 ends', 'a2 begins']);
    for (const each of release) each();
    expect(await all).toEqual(['a1', 'a2', 'b1']);
  });

  it('continue after a failed call, which rejects only for its own caller', async () => {
    const queue = new KeyedQueue<number>();
    const failing = queue.run(1, () => Promise.reject(new Error('no')));
    const next = queue.run(1, async () => 'next');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('next');
  });
});

function afterMicrotasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { expect, it, onTestFinished } from 'vitest';
import { onAbort } from './on-abort.js';

it('many calls wait for one signal without a warning of a leak, and those that stopped are not called', async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const controller = new AbortController();
  const called: number[] = [];
  const stops = Array.from({ length: 20 }, (_, at) => onAbort(controller.signal, () => void called.push(at)));
  stops[3]?.();
  controller.abort();
  onAbort(controller.signal, () => void called.push(20));
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
  expect(called).toEqual([0, 1, 2, ...Array.from({ length: 17 }, (_, at) => at + 4)]);
});

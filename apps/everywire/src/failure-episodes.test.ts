import { expect, test } from 'vitest';
import { FailureEpisodes } from './failure-episodes.js';

/** Failure episodes with a simulated clock. `lines` has the codes of the logged lines. */
class Scene {
  readonly lines: string[] = [];
  now = 0;
  isWriting = false;
  readonly episodes: FailureEpisodes = new FailureEpisodes({
    warn: (line) => this.lines.push(line.split(':')[0] ?? ''),
    begins: () => 'disk_full: No room.',
    over: 'disk_full_over: Room again.',
    isWriting: () => this.isWriting,
    now: () => this.now,
  });

  pass(milliseconds: number): void {
    this.now += milliseconds;
    this.episodes.check();
  }
}

test('warns once when the disk is full, however often writes fail, and once after a minute without failures', () => {
  const scene = new Scene();
  scene.pass(100_000);
  for (let met = 0; met < 100; met += 1) {
    scene.episodes.met();
    scene.pass(10_000);
  }
  expect(scene.lines).toEqual(['disk_full']);
  scene.isWriting = true;
  scene.pass(49_000);
  expect(scene.lines).toEqual(['disk_full']);
  scene.pass(1_000);
  scene.pass(1_000_000);
  expect(scene.lines).toEqual(['disk_full', 'disk_full_over']);
  scene.episodes.met();
  expect(scene.lines).toEqual(['disk_full', 'disk_full_over', 'disk_full']);
});

test('an episode does not end while only small commits succeed, or while nothing can be written', () => {
  const scene = new Scene();
  scene.episodes.met();
  scene.pass(1_000_000);
  scene.isWriting = true;
  scene.episodes.met();
  scene.pass(59_000);
  scene.episodes.met();
  scene.pass(59_000);
  expect(scene.lines).toEqual(['disk_full']);
  scene.pass(1_000);
  expect(scene.lines).toEqual(['disk_full', 'disk_full_over']);
});

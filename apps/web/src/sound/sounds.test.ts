// @vitest-environment happy-dom
import type { FileRef } from '@everywire/chat';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sound } from './sound.js';
import { playSound, stopSound, useDetachedSound, useSound } from './sounds.js';

const elements: FakeAudio[] = [];

/** A fake audio element that plays nothing. */
class FakeAudio extends EventTarget {
  currentTime = 0;
  duration = Number.NaN;
  playbackRate = 1;
  preload = '';
  error: object | null = null;
  fails = false;
  /** Loading fails again. */
  broken = false;
  loads = 0;
  #src: string | null = null;

  constructor() {
    super();
    elements.push(this);
  }
  get src(): string {
    return this.#src ?? '';
  }
  set src(address: string) {
    this.#src = address;
  }
  hasAttribute = () => this.#src !== null;
  removeAttribute = () => {
    this.#src = null;
  };
  load = () => {
    this.loads += 1;
    this.error = this.broken ? {} : null;
  };
  play = async () => {
    if (this.fails || this.error !== null) throw new DOMException('', 'NotSupportedError');
    this.dispatchEvent(new Event('play'));
  };
  pause = () => void this.dispatchEvent(new Event('pause'));
  is = (event: string, changes: Partial<FakeAudio> = {}) => {
    Object.assign(this, changes);
    act(() => void this.dispatchEvent(new Event(event)));
  };
}

let files = 0;
const file = (): FileRef => ({ id: `f${++files}`, name: 'v.webm', kind: 'audio', type: 'audio/webm', size: 1 });
const source = { name: 'Ann', show: () => undefined };

function show(of: FileRef) {
  const { result, unmount } = renderHook(() => useSound(of));
  return { sound: result.current, audio: elements.at(-1) as FakeAudio, hide: unmount };
}

const play = (sound: Sound) => act(async () => playSound(sound, source));

beforeEach(() => {
  elements.length = 0;
  vi.stubGlobal('Audio', FakeAudio);
});
afterEach(() => {
  act(() => stopSound());
  cleanup();
  vi.unstubAllGlobals();
});

describe('the sound of a file', () => {
  test('a sound that failed to load is loaded again when played', async () => {
    const { sound, audio } = show(file());
    audio.is('error', { error: {} });
    expect(sound.getSnapshot().failed).toBe(true);
    await play(sound);
    expect([audio.loads, sound.getSnapshot()]).toEqual([1, expect.objectContaining({ failed: false, playing: true })]);
    audio.is('pause');
    await play(sound);
    expect(audio.loads).toBe(1);
  });

  test('a sound is shared by its players and kept until the last one unmounts', () => {
    const of = file();
    const first = show(of);
    const second = show(of);
    expect([second.sound === first.sound, elements.length, first.audio.src]).toEqual([true, 1, `/api/files/${of.id}`]);
    first.hide();
    expect(first.audio.src).not.toBe('');
    second.hide();
    expect([first.audio.src, first.audio.loads]).toEqual(['', 1]);
    const again = show(of);
    expect([again.sound === first.sound, elements.length]).toEqual([false, 2]);
  });

  test('a sound without a player plays to its end', async () => {
    const away = renderHook(() => useDetachedSound());
    const { sound, audio, hide } = show(file());
    await play(sound);
    expect(away.result.current).toBeNull();
    act(hide);
    expect([away.result.current, audio.src === '']).toEqual([{ sound, source }, false]);
    audio.is('ended');
    expect([away.result.current, audio.src]).toEqual([null, '']);
  });

  test('a sound stops when another one plays and on stopSound', async () => {
    const away = renderHook(() => useDetachedSound());
    const [first, second] = [show(file()), show(file())];
    await play(first.sound);
    await play(second.sound);
    expect([first.sound.getSnapshot().playing, second.sound.getSnapshot().playing]).toEqual([false, true]);
    await play(second.sound);
    expect(second.sound.getSnapshot().playing).toBe(true);
    // The end of a stopped sound has no effect.
    first.audio.is('ended');
    act(second.hide);
    expect(away.result.current?.sound).toBe(second.sound);
    act(() => stopSound());
    expect([second.sound.getSnapshot().playing, away.result.current, second.audio.src]).toEqual([false, null, '']);
  });
});

describe('the view of a sound', () => {
  test('the view follows the audio element until the listener unsubscribes', async () => {
    const { sound, audio } = show(file());
    const listener = vi.fn();
    const stop = sound.subscribe(listener);
    expect(sound.getSnapshot()).toEqual({ playing: false, at: 0, length: null, speed: 1, failed: false });
    audio.is('loadedmetadata', { duration: 12 });
    await play(sound);
    audio.is('timeupdate', { currentTime: 3 });
    expect(sound.getSnapshot()).toEqual({ playing: true, at: 3, length: 12, speed: 1, failed: false });
    expect(listener).toHaveBeenCalledTimes(3);
    audio.is('pause');
    expect(sound.getSnapshot().playing).toBe(false);
    stop();
    audio.is('timeupdate', { currentTime: 4 });
    expect(listener).toHaveBeenCalledTimes(4);
  });

  test('a sound returns to its start at the end, and seeks', () => {
    const { sound, audio } = show(file());
    act(() => sound.seek(7));
    expect([audio.currentTime, sound.getSnapshot().at]).toEqual([7, 7]);
    audio.is('ended');
    expect(audio.currentTime).toBe(0);
  });

  test('the speed increases in two steps and returns to normal', () => {
    const { sound, audio } = show(file());
    const speeds = [1, 2, 3].map(() => {
      act(() => sound.faster());
      return [sound.getSnapshot().speed, audio.playbackRate];
    });
    expect(speeds).toEqual([
      [1.5, 1.5],
      [2, 2],
      [1, 1],
    ]);
  });

  test('the length of a recording without one is determined once, without changing the view', () => {
    const { sound, audio } = show(file());
    audio.is('loadedmetadata', { duration: Number.POSITIVE_INFINITY });
    expect(audio.currentTime).toBe(1e101);
    audio.is('timeupdate', { currentTime: 5 });
    expect(sound.getSnapshot()).toMatchObject({ at: 0, length: null });
    audio.is('durationchange');
    expect(audio.currentTime).toBe(5);
    audio.is('durationchange', { duration: 9 });
    expect([audio.currentTime, sound.getSnapshot().length]).toEqual([0, 9]);
    audio.is('durationchange', { currentTime: 4 });
    expect(audio.currentTime).toBe(4);
  });

  test('a failed sound shows the failure until it plays', async () => {
    const { sound, audio } = show(file());
    audio.is('error');
    expect(sound.getSnapshot().failed).toBe(true);
    await play(sound);
    expect(sound.getSnapshot()).toMatchObject({ playing: true, failed: false });
    Object.assign(audio, { fails: true });
    await play(sound);
    expect(sound.getSnapshot().failed).toBe(false);
    Object.assign(audio, { error: {}, broken: true });
    await play(sound);
    expect(sound.getSnapshot().failed).toBe(true);
  });
});

// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createChime } from './chime.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A fake audio context that counts its tones. */
function fakeAudio(state: AudioContextState = 'running') {
  const starts: number[] = [];
  const parameter = () => ({ value: 0, setValueAtTime: vi.fn(), ...ramps });
  const ramps = { linearRampToValueAtTime: vi.fn(), exponentialRampToValueAtTime: vi.fn() };
  const node = () => ({ connect: (next: unknown) => next });
  const audio = {
    state,
    currentTime: 10,
    destination: {},
    createOscillator: () => ({
      ...node(),
      frequency: parameter(),
      stop: vi.fn(),
      start: (at: number) => void starts.push(at),
    }),
    createGain: () => ({ ...node(), gain: parameter() }),
    resume: vi.fn(async () => undefined),
    close: vi.fn(async () => undefined),
  };
  return { audio: audio as unknown as AudioContext, starts, resume: audio.resume, close: audio.close };
}

test('[item 30] a chime plays two tones, at most once in three seconds', () => {
  const { audio, starts } = fakeAudio();
  const chime = createChime(() => audio);
  chime.sound();
  expect(starts).toEqual([10, 10.12]);
  vi.setSystemTime(1_002_999);
  chime.sound();
  expect(starts).toHaveLength(2);
  vi.setSystemTime(1_003_000);
  chime.sound();
  expect(starts).toHaveLength(4);
});

test('a suspended audio context is resumed first', async () => {
  const { audio, starts, resume } = fakeAudio('suspended');
  createChime(() => audio).sound();
  expect([resume.mock.calls.length, starts.length]).toEqual([1, 0]);
  await Promise.resolve();
  expect(starts).toHaveLength(2);
});

test('an audio context that cannot resume causes no error and is tried again at the next chime', async () => {
  const { audio, starts, resume } = fakeAudio('suspended');
  resume.mockRejectedValue(new Error('not allowed'));
  const create = vi.fn<() => AudioContext | null>(() => null);
  const chime = createChime(create);
  chime.sound();
  create.mockReturnValue(audio);
  chime.sound();
  await Promise.resolve();
  expect([create.mock.calls.length, starts.length]).toEqual([2, 0]);
});

test('no audio context is created before the user has interacted with the page', () => {
  const made = vi.fn();
  vi.stubGlobal(
    'AudioContext',
    vi.fn(function create() {
      made();
      return fakeAudio().audio;
    }),
  );
  vi.stubGlobal('navigator', { userActivation: { hasBeenActive: false } });
  createChime().sound();
  expect(made).not.toHaveBeenCalled();
  vi.stubGlobal('navigator', { userActivation: { hasBeenActive: true } });
  createChime().sound();
  expect(made).toHaveBeenCalledTimes(1);
});

test('closing a chime closes its audio context', () => {
  const { audio, close } = fakeAudio();
  const chime = createChime(() => audio);
  chime.close();
  chime.sound();
  chime.close();
  expect(close).toHaveBeenCalledTimes(1);
});

// Over 300 lines: the cases of one hook share its set-up.
// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { useVoice } from './use-voice.js';

/** The level of the microphone, from 128 (silence) to 255. */
let sample = 128;

/** Replaces the track of a microphone. */
class Track extends EventTarget {
  readonly stop = vi.fn();
}

/** Replaces `MediaRecorder`. */
class Recorder extends EventTarget {
  static readonly made: Recorder[] = [];
  /** The error of a browser that has a microphone but cannot start recording. */
  static refusal: DOMException | null = null;
  static readonly isTypeSupported = (type: string) => type === 'audio/webm;codecs=opus';
  state: 'inactive' | 'recording' | 'paused' = 'inactive';
  readonly mimeType: string;

  constructor(_: unknown, { mimeType }: { readonly mimeType: string }) {
    super();
    this.mimeType = mimeType;
    Recorder.made.push(this);
  }
  start(): void {
    if (Recorder.refusal !== null) throw Recorder.refusal;
    this.state = 'recording';
  }
  pause(): void {
    this.state = 'paused';
  }
  /** Delivers the recording asynchronously, as browsers do. */
  static late = false;
  stop(): void {
    if (this.state === 'inactive') return;
    this.state = 'inactive';
    if (Recorder.late) queueMicrotask(() => this.deliver());
    else this.deliver();
  }
  deliver(): void {
    const event = Object.assign(new Event('dataavailable'), { data: new Blob(['sound']) });
    this.dispatchEvent(event);
    this.dispatchEvent(new Event('stop'));
  }
}

const closed = vi.fn();

/** Replaces `AudioContext`, by which the level is measured. */
class Meter {
  readonly close = closed;
  createAnalyser() {
    return {
      fftSize: 4,
      getByteTimeDomainData: (samples: Uint8Array) => samples.set([128, 128, sample, 128]),
    };
  }
  createMediaStreamSource() {
    return { connect: () => undefined };
  }
}

function streamOf() {
  const track = new Track();
  return { track, stream: { getTracks: () => [track] } as unknown as MediaStream };
}

/** Renders the hook. `asks` are the requests for the microphone, which a test answers. */
function open() {
  const asks = pendingCalls<[MediaStreamConstraints], MediaStream>();
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: asks.call } });
  const onRecorded = vi.fn();
  const onFailure = vi.fn();
  const { result, unmount, rerender } = renderHook(
    ({ recorded }: { readonly recorded: (file: File) => void }) => useVoice(recorded, onFailure),
    { initialProps: { recorded: onRecorded as (file: File) => void } },
  );
  return {
    asks,
    onRecorded,
    onFailure,
    unmount,
    rerender,
    view: () => result.current.view,
    start: () => act(async () => result.current.start()),
    cancel: () => act(() => result.current.cancel()),
    finish: () => act(() => result.current.finish()),
    pass: (ms: number) => act(() => vi.advanceTimersByTime(ms)),
  };
}

/** Does the same, with a recording in progress. */
async function recording() {
  const opened = open();
  const { track, stream } = streamOf();
  await opened.start();
  await opened.asks.answer(0, stream);
  return { ...opened, track, recorder: Recorder.made.at(-1) as Recorder };
}

type Recording = Awaited<ReturnType<typeof recording>>;

beforeEach(() => {
  sample = 128;
  Recorder.made.length = 0;
  Recorder.late = false;
  Recorder.refusal = null;
  closed.mockClear();
  vi.useFakeTimers({
    toFake: ['setInterval', 'clearInterval', 'Date', 'performance'],
    now: new Date(2026, 10, 20, 9, 41, 7),
  });
  vi.stubGlobal('MediaRecorder', Recorder);
  vi.stubGlobal('AudioContext', Meter);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('recording a voice message', () => {
  test('recording starts once the microphone is granted and reports seconds and levels', async () => {
    const { asks, start, view, pass, onFailure } = open();
    await start();
    expect([asks.given, view(), onFailure.mock.calls]).toEqual([[[{ audio: true }]], null, [[null]]]);
    await asks.answer(0, streamOf().stream);
    expect(view()).toEqual({ seconds: 0, levels: [0], full: false });
    sample = 128 + 48;
    pass(100);
    expect(view()).toEqual({ seconds: 0, levels: [0, 0.5], full: false });
    sample = 128 - 96;
    pass(100);
    sample = 0;
    pass(100);
    expect(view()?.levels).toEqual([0, 0.5, 1, 1]);
    pass(699);
    expect(view()?.seconds).toBe(0);
    pass(1);
    expect(view()?.seconds).toBe(1);
  });

  test('a recording shows the last forty-eight levels', async () => {
    const { pass, view } = await recording();
    pass(4_700);
    expect(view()?.levels).toHaveLength(48);
    sample = 128 + 96;
    pass(100);
    expect([view()?.levels.length, view()?.levels.at(-1)]).toEqual([48, 1]);
  });

  test('a recording pauses at ten minutes and can still be sent', async () => {
    const { pass, view, recorder, finish, onRecorded } = await recording();
    pass(599_900);
    expect([view()?.seconds, view()?.full, recorder.state]).toEqual([599, false, 'recording']);
    pass(100);
    expect([view()?.seconds, view()?.full, recorder.state]).toEqual([600, true, 'paused']);
    const levels = view()?.levels;
    sample = 0;
    pass(60_000);
    expect([view()?.seconds, view()?.levels]).toEqual([600, levels]);
    finish();
    expect(onRecorded).toHaveBeenCalledTimes(1);
  });

  test('finish passes the file to the callback of the last render and releases the microphone', async () => {
    const { finish, view, rerender, onRecorded, track } = await recording();
    const later = vi.fn();
    rerender({ recorded: later });
    finish();
    expect([view(), track.stop.mock.calls.length, closed.mock.calls.length]).toEqual([null, 1, 1]);
    expect([onRecorded.mock.calls.length, later.mock.calls.length, vi.getTimerCount()]).toEqual([0, 1, 0]);
    const file = later.mock.calls[0]?.[0] as File;
    expect([file.name, file.type, await file.text()]).toEqual([
      'voice 2026-11-20 09.41.07.webm',
      'audio/webm',
      'sound',
    ]);
  });
});

describe('a recording that is being sent', () => {
  test('a recording is sent once even if finish is called repeatedly', async () => {
    const { finish, onRecorded, view } = await recording();
    Recorder.late = true;
    finish();
    finish();
    await act(async () => undefined);
    expect([onRecorded.mock.calls.length, view()]).toEqual([1, null]);
  });

  test('a recording discarded before the browser delivers it is not sent', async () => {
    const { finish, cancel, onRecorded, view } = await recording();
    Recorder.late = true;
    finish();
    cancel();
    await act(async () => undefined);
    expect([onRecorded.mock.calls, view()]).toEqual([[], null]);
  });
});

describe('a recording that is being sent on unmount', () => {
  test('a recording that is being sent is still sent after unmount, and the microphone is released', async () => {
    const { finish, unmount, onRecorded, track } = await recording();
    Recorder.late = true;
    finish();
    unmount();
    await act(async () => undefined);
    expect([onRecorded.mock.calls.length, track.stop.mock.calls.length, vi.getTimerCount()]).toEqual([1, 1, 0]);
  });
});

describe('a recorder that fails', () => {
  test('a recorder that fails to start reports an error and releases the microphone', async () => {
    const { start, asks, view, onFailure } = open();
    Recorder.refusal = new DOMException('', 'NotSupportedError');
    const { track, stream } = streamOf();
    await start();
    await asks.answer(0, stream);
    expect([view(), onFailure.mock.lastCall]).toEqual([null, ['microphone_unsupported']]);
    expect([track.stop.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
  });

  test('a lost microphone reports an error', async () => {
    const { track, onFailure } = await recording();
    act(() => void track.dispatchEvent(new Event('ended')));
    expect(onFailure.mock.lastCall).toEqual(['microphone_missing']);
  });

  test('a recorder that fails while recording reports an error and delivers no file', async () => {
    const { recorder, view, onFailure, onRecorded, track, finish } = await recording();
    act(() => void recorder.dispatchEvent(new Event('error')));
    expect([view(), onFailure.mock.lastCall]).toEqual([null, ['microphone_unsupported']]);
    finish();
    expect([onRecorded.mock.calls, track.stop.mock.calls.length]).toEqual([[], 1]);
  });

  test('a recorder that fails after it was discarded reports nothing', async () => {
    const { start, asks, cancel, onFailure } = open();
    await start();
    cancel();
    await asks.refuse(0, 'refused');
    expect(onFailure.mock.calls).toEqual([[null]]);
  });
});

describe('a discarded recording', () => {
  test.each([
    ['is cancelled', ({ cancel }: Recording) => cancel()],
    ['loses its microphone', ({ track }: Recording) => act(() => void track.dispatchEvent(new Event('ended')))],
  ] as const)('a discarded recording that %s delivers no file', async (_, end) => {
    const opened = await recording();
    end(opened);
    expect([opened.view(), opened.recorder.state, opened.track.stop.mock.calls.length]).toEqual([null, 'inactive', 1]);
    opened.pass(10_000);
    opened.finish();
    expect([opened.view(), opened.onRecorded.mock.calls, vi.getTimerCount()]).toEqual([null, [], 0]);
  });

  test('leaving the conversation discards the recording and releases the microphone', async () => {
    const { unmount, track, onRecorded } = await recording();
    unmount();
    expect([track.stop.mock.calls.length, onRecorded.mock.calls, vi.getTimerCount()]).toEqual([1, [], 0]);
  });

  test('a microphone granted after a cancel or a second start is released', async () => {
    const { start, cancel, asks, view } = open();
    await start();
    cancel();
    const first = streamOf();
    await asks.answer(0, first.stream);
    expect([first.track.stop.mock.calls.length, view(), Recorder.made]).toEqual([1, null, []]);
    await start();
    await start();
    const [second, third] = [streamOf(), streamOf()];
    await asks.answer(1, second.stream);
    await asks.answer(2, third.stream);
    expect([second.track.stop.mock.calls.length, third.track.stop.mock.calls.length]).toEqual([1, 0]);
    expect([view()?.seconds, Recorder.made.length]).toEqual([0, 1]);
  });

  test('a new recording can start after a discarded one', async () => {
    const { cancel, start, asks, view, finish, onRecorded } = await recording();
    cancel();
    await start();
    await asks.answer(1, streamOf().stream);
    expect(view()).toEqual({ seconds: 0, levels: [0], full: false });
    finish();
    expect(onRecorded).toHaveBeenCalledTimes(1);
  });
});

describe('an unavailable microphone', () => {
  test.each([
    ['NotAllowedError', 'microphone_refused'],
    ['NotFoundError', 'microphone_missing'],
  ])('a microphone error is reported: %s is %s', async (name, code) => {
    const { start, view, onFailure } = open();
    vi.stubGlobal('navigator', {
      mediaDevices: { getUserMedia: () => Promise.reject(new DOMException('', name)) },
    });
    await start();
    expect([onFailure.mock.calls, view()]).toEqual([[[null], [code]], null]);
  });

  test('no microphone is requested if the browser cannot provide one or cannot record', async () => {
    const { start, asks, onFailure } = open();
    vi.stubGlobal('MediaRecorder', undefined);
    await start();
    expect([asks.given, onFailure.mock.lastCall]).toEqual([[], ['microphone_unsupported']]);
    vi.stubGlobal('MediaRecorder', Recorder);
    vi.stubGlobal('navigator', {});
    await start();
    expect(onFailure.mock.lastCall).toEqual(['microphone_unsupported']);
  });
});

import { useCallback, useEffect, useRef, useState } from 'react';
import { stopSound } from '../sound/sounds.js';
import { bestVoiceType, microphoneCode, voiceFile } from './voice-recording.js';

/** The maximum length of a voice message. Recording pauses there; the user can still send or discard it. */
const VOICE_SECONDS_MAX = 600;
const LEVEL_MS = 100;
/** The number of most recent levels shown. */
const LEVELS_MAX = 48;

/** A recording in progress. */
export interface VoiceView {
  readonly seconds: number;
  /** 0 to 1, the current one last. */
  readonly levels: readonly number[];
  readonly full: boolean;
}

/** State and actions of the voice recorder. */
export interface Voice {
  /** `null` while not recording. */
  readonly view: VoiceView | null;
  readonly start: () => void;
  readonly cancel: () => void;
  /** Stops recording. The file is passed to `onRecorded`. */
  readonly finish: () => void;
}

interface Recording {
  readonly recorder: MediaRecorder;
  readonly stop: () => void;
  /** The recorder was stopped, and the browser has not delivered the file yet. */
  finishing: boolean;
}

/** Records a voice message. Leaving the conversation discards it, unless it is being sent. */
export function useVoice(onRecorded: (file: File) => void, onFailure: (code: string | null) => void): Voice {
  const [view, setView] = useState<VoiceView | null>(null);
  const running = useRef<Recording | null>(null);
  const asked = useRef(0);
  const recorded = useRef(onRecorded);
  recorded.current = onRecorded;

  const cancel = useCallback(() => {
    asked.current += 1;
    running.current?.stop();
    running.current = null;
    setView(null);
  }, []);
  const leave = useCallback(() => {
    if (running.current?.finishing !== true) cancel();
  }, [cancel]);
  useEffect(() => leave, [leave]);

  const start = useCallback(() => {
    onFailure(null);
    stopSound();
    const turn = ++asked.current;
    const fail = (failure: unknown) => {
      if (turn === asked.current) onFailure(microphoneCode(failure));
    };
    const lose = (failure: unknown) => {
      fail(failure);
      leave();
    };
    openMicrophone().then((stream) => {
      if (turn !== asked.current) {
        stopTracks(stream);
        return;
      }
      try {
        running.current = record(stream, setView, lose);
      } catch (failure) {
        stopTracks(stream);
        fail(failure);
      }
    }, fail);
  }, [leave, onFailure]);

  const finish = useCallback(() => {
    const now = running.current;
    if (now === null || now.finishing) return;
    now.finishing = true;
    const { recorder } = now;
    const parts: Blob[] = [];
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    recorder.addEventListener('stop', () => {
      // Discarded in the meantime.
      if (running.current !== now) return;
      cancel();
      recorded.current(voiceFile(parts, recorder.mimeType, new Date()));
    });
    recorder.stop();
  }, [cancel]);
  return { view, start, cancel, finish };
}

function openMicrophone(): Promise<MediaStream> {
  // Browsers provide `mediaDevices` only over HTTPS and on localhost.
  if (navigator.mediaDevices === undefined || bestVoiceType() === null)
    return Promise.reject(new DOMException('', 'NotSupportedError'));
  return navigator.mediaDevices.getUserMedia({ audio: true });
}

/**
 * Starts recording and reports length and level. Calls `onLost` when the microphone is unplugged or the recorder fails. Throws if recording
 * cannot start.
 */
function record(stream: MediaStream, onView: (view: VoiceView) => void, onLost: (failure: unknown) => void): Recording {
  const recorder = new MediaRecorder(stream, { mimeType: bestVoiceType() ?? '' });
  recorder.addEventListener('error', (event) => onLost('error' in event ? event.error : event));
  recorder.start();
  const meter = new AudioContext();
  const analyser = meter.createAnalyser();
  meter.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  let levels: readonly number[] = [];
  let recordedMs = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    if (recorder.state === 'recording') recordedMs += now - last;
    last = now;
    analyser.getByteTimeDomainData(samples);
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0);
    if (recorder.state === 'recording') levels = [...levels, Math.min(1, loudest / 96)].slice(-LEVELS_MAX);
    const full = recordedMs >= VOICE_SECONDS_MAX * 1_000;
    if (full && recorder.state === 'recording') recorder.pause();
    onView({ seconds: Math.floor(recordedMs / 1_000), levels, full });
  };
  const timer = setInterval(look, LEVEL_MS);
  const onUnplugged = () => onLost(new DOMException('', 'NotFoundError'));
  for (const track of stream.getTracks()) track.addEventListener('ended', onUnplugged);
  look();
  const stop = () => {
    clearInterval(timer);
    if (recorder.state !== 'inactive') recorder.stop();
    stopTracks(stream);
    void meter.close();
  };
  return { recorder, stop, finishing: false };
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

import { describe, expect, test } from 'vitest';
import { formatDuration, microphoneCode, voiceFile } from './voice-recording.js';

describe('a voice message', () => {
  test('a voice message is a file of the recorded type, named by its time', () => {
    const at = new Date(2026, 10, 21, 9, 5, 7);
    const file = voiceFile([new Blob(['ab'])], 'audio/webm;codecs=opus', at);
    expect([file.name, file.type, file.size]).toEqual(['voice 2026-11-21 09.05.07.webm', 'audio/webm', 2]);
    expect(voiceFile([], 'audio/mp4', at).name).toBe('voice 2026-11-21 09.05.07.m4a');
  });

  test('the length of a voice message is shown in minutes and seconds', () => {
    expect([0, 7.9, 61, 600].map(formatDuration)).toEqual(['0:00', '0:07', '1:01', '10:00']);
  });

  test('microphoneCode returns why a voice message cannot be recorded', () => {
    const codes = ['NotAllowedError', 'NotFoundError', 'NotSupportedError'].map((name) =>
      microphoneCode(new DOMException('', name)),
    );
    expect(codes).toEqual(['microphone_refused', 'microphone_missing', 'microphone_unsupported']);
    expect(microphoneCode(new Error('else'))).toBe('microphone_unsupported');
  });
});

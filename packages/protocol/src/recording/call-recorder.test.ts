import { expect, it } from 'vitest';
import { CallRecorder } from './call-recorder.js';
import { RecordingBuffer } from './recording-buffer.js';

const fails = (): never => {
  throw new Error('A defect of the recorder.');
};

it('a recorder that throws does not change any call and stops recording', () => {
  const recordingBuffer = new RecordingBuffer();
  const create = (onRest = (): void => undefined): CallRecorder => new CallRecorder(recordingBuffer, () => 0, onRest);
  const describe = (): object => ({});
  expect(create().input('send', fails, () => 1)).toBe(1);
  expect(create(fails).input('send', describe, () => 2)).toBe(2);
  const calls = create();
  expect(calls.input('send', describe, () => calls.output(fails, () => 3))).toBe(3);
  expect(create().input('send', describe, () => create().answer(fails, () => 4))).toBe(4);
  const asked = create();
  expect(asked.input('send', describe, () => asked.answer(fails, () => 5))).toBe(5);
  expect(asked.isOver).toBe(true);
  expect(() => create(fails).input('send', describe, fails)).toThrow('A defect of the recorder.');
});

export { type CodeOf, type ErrorCode, errorCodes, type WireCode } from './error-codes.js';
export {
  type BufferLimits,
  bufferLimits,
  type SessionLimits,
  type SessionTimes,
  sessionLimits,
  sessionTimes,
  type Window,
} from './limits.js';
export type {
  ClientRecording,
  RecordedEntry,
  RecordedLink,
  RecordedMessage,
  Recording,
  ServerRecording,
} from './recording/recording.js';
export type { Verdict } from './session/contract.js';
export { WireError, type WireErrorFacts } from './wire-error.js';

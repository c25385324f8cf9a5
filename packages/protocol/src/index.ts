export { type ErrorCode, errorCodes } from './error-codes.js';
export {
  type BufferLimits,
  bufferLimits,
  type SessionLimits,
  type SessionTimes,
  sessionLimits,
  sessionTimes,
  type Window,
} from './limits.js';
export type { Verdict } from './session/contract.js';

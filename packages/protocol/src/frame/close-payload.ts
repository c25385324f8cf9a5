import { isCloseCodeOnWire } from '../close-codes.js';
import { checkUtf8, UTF8_BOUNDARY } from '../utf8.js';
import type { FrameErrorCode } from './frame-error.js';

/** Returns the error in the payload of a close frame, or `null` (RFC 6455 §5.5.1). @param code its first two bytes */
export function wrongInClose(payload: Uint8Array, code: number): FrameErrorCode | null {
  if (payload.length === 0) return null;
  if (payload.length === 1) return 'close_malformed';
  if (!isCloseCodeOnWire(code)) return 'close_code_invalid';
  return checkUtf8(UTF8_BOUNDARY, payload, 2, payload.length) === UTF8_BOUNDARY ? null : 'utf8_invalid';
}

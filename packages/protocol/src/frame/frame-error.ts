/** Stable code of a framing rule that a peer broke. `docs/spec/frames.md` lists the rule of each. */
export type FrameErrorCode =
  | 'reserved_bit'
  | 'reserved_opcode'
  | 'control_fragmented'
  | 'control_too_long'
  | 'mask_missing'
  | 'mask_unexpected'
  | 'length_not_minimal'
  | 'length_invalid'
  | 'continuation_unexpected'
  | 'continuation_missing'
  | 'close_malformed'
  | 'close_code_invalid'
  | 'utf8_invalid'
  | 'message_too_big'
  | 'too_many_fragments';

/** The reason why a connection must be failed (RFC 6455 §7.1.7), with the close code to use. */
export interface FrameError {
  readonly code: FrameErrorCode;
  readonly closeCode: number;
}

/** Maps each error that is not a plain protocol error (1002) to its close code (RFC 6455 §7.4.1). */
export const FRAME_CLOSE_CODES: { readonly [code in FrameErrorCode]?: number } = {
  utf8_invalid: 1007,
  message_too_big: 1009,
  too_many_fragments: 1009,
};

export { CLOSE_CODES, type CloseCode, isCloseCodeOnWire, reconnectsAfter } from './close-codes.js';
export {
  encodeClose,
  encodeClosePayload,
  encodeFrame,
  encodeMaskedFrame,
  encodePing,
  encodePong,
  frameHeaderBytes,
  writeFrameHeader,
} from './frame/frame-encoder.js';
export type { FrameError, FrameErrorCode } from './frame/frame-error.js';
export { FrameParser, type FrameParserOptions, type FrameSink } from './frame/frame-parser.js';
export { OPCODE, type Opcode } from './frame/opcode.js';
export { Message, messageFromBytes, messageFromText, messageFromUtf8 } from './message.js';

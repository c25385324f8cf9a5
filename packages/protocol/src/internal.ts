export { addresseeOf } from './addressee.js';
export { callGuarded, callNow, isThenable } from './application.js';
export { bytesOf } from './bytes-of.js';
export { addToSum, xxHash32 } from './checksum.js';
export { CLOSE_CODES, reconnectsAfter } from './close-codes.js';
export type { Counts } from './counts.js';
export { CarrierPattern } from './encoding/carrier-pattern.js';
export { decodeDataFrame } from './encoding/data-frame.js';
export { type Decoder, type Encoding, encodedOnce, type ItemSink, SLOT } from './encoding/encoding.js';
export { createEventStreamDecoder, eventStreamEncoding, eventStreamEnd } from './encoding/event-stream.js';
export { createFrameDecoder } from './encoding/frame-decoder.js';
export { frameEncoding, framePayload, recordFramePayload } from './encoding/frame-encoding.js';
export { messageAgain, messageFromFrame } from './encoding/framed-message.js';
export { encodeJsonBody } from './encoding/json-body.js';
export { parseJsonBody } from './encoding/json-body-parser.js';
export { decodeItemJson, encodeMessageJson, readMessageJson } from './encoding/json-item.js';
export { createJsonLinesDecoder, createJsonTextDecoder, jsonLinesEncoding } from './encoding/json-lines.js';
export { hasRecordShape } from './encoding/json-shape.js';
export { isCallback, JSONP_TAIL as jsonpTail, jsonpEncoding, jsonpHead } from './encoding/jsonp.js';
export { readMaskedAck } from './encoding/masked-ack.js';
export { createMultipartDecoder, createMultipartEncoding } from './encoding/multipart.js';
export { offeredProtocols } from './encoding/offered-protocols.js';
export { readPlainCarrier } from './encoding/plain-carrier.js';
export { isSameButEcho } from './encoding/poll-record.js';
export {
  encodeRawEvent,
  encodeRawHead,
  encodeRawReset,
  type RawResetReason,
  rawHeartbeat,
} from './encoding/raw-event-stream.js';
export { rawFrame } from './encoding/raw-frame.js';
export { scriptEncoding, scriptOf } from './encoding/script.js';
export { literalInside } from './encoding/string-literal.js';
export { decodeTextFrame, escapeText, recordText } from './encoding/text-frame.js';
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
export { FrameParser, type FrameParserOptions, type FrameSink } from './frame/frame-parser.js';
export { unmaskInto } from './frame/mask.js';
export { OPCODE, type Opcode } from './frame/opcode.js';
export { offerWholeText } from './frame/whole-text.js';
export { type ForeignOptions, knownOptions, refuseUnknown } from './known-options.js';
export { earlyWindow, PROBE_BYTES as probeBytes } from './limits.js';
export { Message, messageFromBytes, messageFromText } from './message.js';
export { isNonce } from './nonce.js';
export { onAbort } from './on-abort.js';
export {
  type Data,
  type ExchangeOutcome as RequestOutcome,
  type ExchangesIo,
  PendingRequests,
  requestIn,
} from './pending-requests.js';
export {
  type AttachedRecord,
  type AttachRecord,
  type BodyRecord,
  type ChannelRecord,
  type ClientRecord,
  type ControlRecord,
  encodeRecord,
  type OpenRecord,
  parseRecord,
  readLateRecords,
  readRecord,
  type ServerRecord,
} from './record.js';
export { ClientRecorder } from './recording/client-recorder.js';
export { RecordingBuffer } from './recording/recording-buffer.js';
export { ServerRecorder } from './recording/server-recorder.js';
export { type AwaitedSend, AwaitedSends, type Failure, type Until } from './session/awaited-sends.js';
export type { FinalBody } from './session/body-load.js';
export { ClientSession } from './session/client-session.js';
export { ClientStart } from './session/client-start.js';
export type {
  ClientIo,
  ClientLinkEnd,
  ClientLinkView,
  LinkEnd,
  LinkKind,
  MessageSource,
  RegistryIo,
  SendOutcome as SendResult,
  ServerLinkIo,
  ServerSessionIo,
  ServerSessionView,
  StartIo,
  Transport,
} from './session/contract.js';
export type { Freezing } from './session/freeze.js';
export { InvariantError } from './session/invariant.js';
export { MessageBatch } from './session/message-batch.js';
export type { Outgoing } from './session/outgoing.js';
export { ServerLink } from './session/server-link.js';
export { ServerSession } from './session/server-session.js';
export { type RegistryOptions, SessionRegistry } from './session/session-registry.js';
export {
  encodeSnapshot,
  type JsonValue,
  parseSnapshot,
  type SessionSnapshot,
  SnapshotVersionError,
} from './session/snapshot.js';
export { isVerdictAwaited } from './session/verdict-awaited.js';
export { fromItem, readTyped, type TypedItem, type TypedItems, TypedMessage, toItem } from './typed-message.js';
export {
  CHANNELS_SUFFIX as channelsSuffix,
  HEADED_PROTOCOL as headedProtocol,
  SESSION_PROTOCOL as sessionProtocol,
  WIRE_VERSION as wireVersion,
} from './version.js';

import {
  type ClientLinkView,
  type ClientRecord,
  type ControlRecord,
  createEventStreamDecoder,
  createFrameDecoder,
  createJsonLinesDecoder,
  type Decoder,
  decodeDataFrame,
  type Encoding,
  encodeJsonBody,
  encodeMaskedFrame,
  encodeRecord,
  eventStreamEncoding,
  FrameParser,
  frameEncoding,
  framePayload,
  type ItemSink,
  jsonLinesEncoding,
  type Message,
  OPCODE,
  parseJsonBody,
  parseRecord,
  recordFramePayload,
  type ServerRecord,
} from '@everywire/protocol/internal';

/** Upstream (from the client to the server) or downstream. */
export type Way = 'up' | 'down';
/** The transports that the model runs over. */
export type TransportName = 'websocket' | 'event-stream' | 'fetch-stream' | 'long-poll' | 'short-poll';
/** The kind of each transport: a two-way link, a streaming response, or polls. */
export const transportKinds = {
  websocket: 'duplex',
  'event-stream': 'stream',
  'fetch-stream': 'stream',
  'long-poll': 'poll',
  'short-poll': 'poll',
} as const;

/** Limit of the parsers, which no message of the model reaches. */
const itemUnitsMax = 100_000;

/** The downstream encoding of each transport. The answer to a POST has no such encoding, because it is one record. */
const downEncodings: Readonly<Record<TransportName, Encoding>> = {
  websocket: frameEncoding,
  'event-stream': eventStreamEncoding,
  'fetch-stream': frameEncoding,
  'long-poll': jsonLinesEncoding,
  'short-poll': jsonLinesEncoding,
};

function createDownDecoder(transport: TransportName, sink: ItemSink): Decoder {
  if (transport === 'event-stream') return createEventStreamDecoder(sink, itemUnitsMax);
  if (transport.endsWith('-poll')) return createJsonLinesDecoder(sink, itemUnitsMax);
  return createFrameDecoder(sink, { messageBytesMax: itemUnitsMax, fragmentsMax: 8 });
}

/** What a link calls when an end has received an item completely. */
export interface WireEnds {
  toClient(item: ServerRecord | Message): void;
  toServer(record: ClientRecord, messages: readonly Message[]): void;
  messageToServer(message: Message): void;
}

/** One link as its real bytes. The product's encoders produce them, and its parsers decode them at the other end. */
export class Wire {
  readonly link: ClientLinkView;
  readonly index: number;
  /** The bytes written so far, in each direction. */
  readonly written: Record<Way, number> = { up: 0, down: 0 };
  readonly #ends: WireEnds;
  readonly #transport: TransportName;
  readonly #frames: FrameParser;
  readonly #down: Decoder | null;
  /** The received bytes of a request. It is parsed when it is complete. */
  #request: Uint8Array[] = [];
  /** The received bytes of the answer to a POST. It is parsed when it is complete. */
  #answer: Uint8Array[] = [];

  constructor(link: ClientLinkView, index: number, ends: WireEnds) {
    this.link = link;
    this.index = index;
    this.#ends = ends;
    this.#transport = (link.transport?.name ?? 'long-poll') as TransportName;
    const toServer: ItemSink = {
      onMessage: (message) => ends.messageToServer(message),
      onRecord: (record) => ends.toServer(record as ClientRecord, []),
    };
    const toClient: ItemSink = {
      onMessage: (message) => ends.toClient(message),
      onRecord: (record) => ends.toClient(record as ServerRecord),
    };
    this.#down = link.kind === 'post' ? null : createDownDecoder(this.#transport, toClient);
    const ignore = (): void => undefined;
    this.#frames = new FrameParser(
      {
        onData: (binary, payload, owned) => void decodeDataFrame(binary, payload, owned, toServer),
        onPing: ignore,
        onPong: ignore,
        onClose: ignore,
      },
      { masked: true, messageBytesMax: itemUnitsMax, fragmentsMax: 8 },
    );
  }

  get isDuplex(): boolean {
    return this.link.kind === 'duplex';
  }

  /** Encodes a request: its head and its messages. */
  request(head: ClientRecord, messages: readonly Message[]): Uint8Array {
    return Buffer.from(encodeJsonBody(head, messages));
  }

  /** Encodes one upstream item of a WebSocket. The masking keys are arbitrary. */
  encodeUp(item: ClientRecord | Message): Uint8Array {
    if (!isMessage(item)) return encodeMaskedFrame(OPCODE.text, recordFramePayload(item), 0x5a3c_0f11);
    const payload = framePayload(item);
    return encodeMaskedFrame(item.binary ? OPCODE.binary : OPCODE.text, payload, 0x7b02_91e4);
  }

  /** Encodes one downstream item. */
  encodeDown(item: ServerRecord | Message): Uint8Array {
    if (this.#down === null) return Buffer.from(encodeRecord(item as ControlRecord));
    const encoding = downEncodings[this.#transport];
    return isMessage(item) ? encoding.encodeMessage(item) : encoding.encodeRecord(item);
  }

  /** Receives upstream bytes. @throws Error if they cannot be decoded */
  feedUp(bytes: Uint8Array): void {
    if (!this.isDuplex) this.#request.push(bytes);
    else if (this.#frames.feed(Buffer.from(bytes))) throw new Error('frames upwards cannot be read');
  }

  /** Receives downstream bytes. @throws Error if they cannot be decoded */
  feedDown(bytes: Uint8Array): void {
    if (this.#down === null) this.#answer.push(bytes);
    else if (this.#down.feed(Buffer.from(bytes))) throw new Error('bytes downwards cannot be read');
  }

  /** Called when the whole request has arrived. */
  requestCame(): void {
    const body = parseJsonBody(Buffer.concat(this.#request), { bodyBytesMax: itemUnitsMax, messagesMax: 64 });
    if (typeof body === 'string') throw new Error(`a whole request is ${body}`);
    this.#ends.toServer(body.record as ClientRecord, body.messages);
  }

  /** Called when the answer has ended. The answer to a POST is parsed now. */
  answerCame(): void {
    if (this.#down !== null || this.#answer.length === 0) return;
    const record = parseRecord(Buffer.concat(this.#answer).toString());
    if (typeof record === 'string') throw new Error(`a whole answer is ${record}`);
    this.#ends.toClient(record as ServerRecord);
  }
}

/** Returns whether an item is a message, not a record. */
export function isMessage(item: ControlRecord | Message): item is Message {
  return 'bytes' in item;
}

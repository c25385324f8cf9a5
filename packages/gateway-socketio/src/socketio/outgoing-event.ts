import type { GatewayHost, RawPublication } from '@everywire/server/internal';
import type { EngineData } from '../engine/carriers.js';
import { BASE64, MESSAGE, SEPARATOR } from '../engine/payload.js';
import { base64Of, hasBytes, takeOut } from './binary.js';

/** The kind of a packet with values: an event, or the answer to one. */
export type ValuesKind = 'event' | 'ack';

/** Packet types by kind, without and with attachments. */
const TYPES: Readonly<Record<ValuesKind, readonly [string, string]>> = { event: ['2', '5'], ack: ['3', '6'] };

/** The optional parts of a packet. */
export interface OutgoingParts {
  readonly attachments?: readonly Uint8Array[];
  /** The namespace of an event or an answer; absent for packets that enter or leave one. */
  readonly namespace?: string;
  /** Position in the order of all packets of this gateway, if recovery is enabled; otherwise 0. */
  readonly offset?: number;
  /**
   * Members that must not receive the packet; each recipient is added. `null` if all receive it and none is in two of
   * its rooms.
   */
  readonly skipped?: Set<object> | null;
}

/** A packet for clients, encoded once for each transport. */
export class OutgoingEvent implements EngineData {
  readonly offset: number;
  readonly namespace: string | undefined;
  readonly #host: GatewayHost;
  readonly #text: string;
  readonly #attachments: readonly Uint8Array[];
  readonly #skipped: Set<object> | null;
  /** The encodings for polling and for WebSockets; `null` until one is needed. */
  #polled: string | null = null;
  #framed: readonly RawPublication[] | null = null;

  /** @param text the packet without the type of Engine.IO */
  constructor(
    host: GatewayHost,
    text: string,
    { attachments = NOTHING, namespace, offset = 0, skipped = null }: OutgoingParts = NO_PARTS,
  ) {
    this.#host = host;
    this.#text = text;
    this.#attachments = attachments;
    this.offset = offset;
    this.namespace = namespace;
    this.#skipped = skipped;
  }

  /** Returns whether a member receives the packet. A member of several of its rooms receives it once. */
  isFor(member: object): boolean {
    if (this.#skipped === null) return true;
    if (this.#skipped.has(member)) return false;
    this.#skipped.add(member);
    return true;
  }

  /** The approximate size in bytes, for limits. */
  get bytes(): number {
    return this.#attachments.reduce((sum, { length }) => sum + length, this.#text.length);
  }

  get polled(): string {
    this.#polled ??= [MESSAGE + this.#text, ...this.#attachments.map((bytes) => BASE64 + base64Of(bytes))].join(
      SEPARATOR,
    );
    return this.#polled;
  }

  get framed(): readonly RawPublication[] {
    this.#framed ??= [MESSAGE + this.#text, ...this.#attachments].map((data) => this.#host.publication(data));
    return this.#framed;
  }
}

const NOTHING: readonly Uint8Array[] = [];
const NO_PARTS: OutgoingParts = {};

/** Returns the prefix of a packet for a namespace; empty for `/`. */
export function namespacePart(namespace: string): string {
  return namespace === '/' ? '' : `${namespace},`;
}

/** The other contents of a packet with values. */
export interface OutgoingFacts extends Omit<OutgoingParts, 'attachments'> {
  readonly namespace: string;
  /** The id of the answer, or of the expected answer. */
  readonly id?: number | undefined;
}

/**
 * Makes the packet of an event or an answer.
 *
 * @throws RangeError for values nested too deep, TypeError for values that JSON cannot write
 */
export function outgoingOf(
  host: GatewayHost,
  kind: ValuesKind,
  values: readonly unknown[],
  facts: OutgoingFacts,
): OutgoingEvent {
  const [plain, binary] = TYPES[kind];
  const rest = namespacePart(facts.namespace) + (facts.id ?? '');
  if (!hasBytes(values)) return new OutgoingEvent(host, plain + rest + JSON.stringify(values), facts);
  const { values: parted, attachments } = takeOut(values);
  const text = `${binary}${attachments.length}-${rest}${JSON.stringify(parted)}`;
  return new OutgoingEvent(host, text, { ...facts, attachments });
}

/** Makes the packet of an event from the JSON of its name and values, without bytes. */
export function outgoingOfJson(host: GatewayHost, json: string, facts: OutgoingFacts): OutgoingEvent {
  return new OutgoingEvent(host, TYPES.event[0] + namespacePart(facts.namespace) + json, facts);
}

/** Returns the text of a CONNECT_ERROR packet. */
export function connectError(namespace: string, message: string, data?: unknown): string {
  return `4${namespacePart(namespace)}${JSON.stringify({ message, ...(data !== undefined && { data }) })}`;
}

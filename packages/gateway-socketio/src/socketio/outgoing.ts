import type { GatewayHost, RawPublication } from '@everywire/server/internal';
import type { EngineData } from '../engine/carriers.js';
import { BASE64, MESSAGE, SEPARATOR } from '../engine/payload.js';
import { base64Of, hasBytes, takeOut } from './binary.js';

/** What a packet of values is: an event, or the answer to one. */
export type ValuesKind = 'event' | 'ack';

/** Packet types by kind, without and with attachments. */
const TYPES: Readonly<Record<ValuesKind, readonly [string, string]>> = { event: ['2', '5'], ack: ['3', '6'] };

/** One packet on its way to clients, put into the form of each transport once for all of them. */
export class Outgoing implements EngineData {
  /** Place in the order of everything this gateway sent, where recovery needs it; else 0. */
  readonly offset: number;
  readonly #host: GatewayHost;
  readonly #text: string;
  readonly #attachments: readonly Uint8Array[];
  #polled: string | null = null;
  #framed: readonly RawPublication[] | null = null;

  /** @param text the packet without the type of Engine.IO */
  constructor(host: GatewayHost, text: string, attachments: readonly Uint8Array[] = NONE, offset = 0) {
    this.#host = host;
    this.#text = text;
    this.#attachments = attachments;
    this.offset = offset;
  }

  /** About so many bytes, as limits count them. */
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

const NONE: readonly Uint8Array[] = [];

/** `/` is not written. */
export function namespacePart(namespace: string): string {
  return namespace === '/' ? '' : `${namespace},`;
}

/**
 * Makes the packet of an event or an answer.
 *
 * @param id of the answer, or of the one that is waited for
 * @throws RangeError for values nested too deep, TypeError for values that JSON cannot write
 */
export function outgoingOf(
  host: GatewayHost,
  kind: ValuesKind,
  {
    namespace,
    values,
    id,
    offset = 0,
  }: {
    readonly namespace: string;
    readonly values: readonly unknown[];
    readonly id?: number | undefined;
    readonly offset?: number;
  },
): Outgoing {
  const [plain, binary] = TYPES[kind];
  const rest = namespacePart(namespace) + (id ?? '');
  if (!hasBytes(values)) return new Outgoing(host, plain + rest + JSON.stringify(values), NONE, offset);
  const { values: parted, attachments } = takeOut(values);
  return new Outgoing(host, `${binary}${attachments.length}-${rest}${JSON.stringify(parted)}`, attachments, offset);
}

/** CONNECT_ERROR. */
export function connectError(namespace: string, message: string, data?: unknown): string {
  return `4${namespacePart(namespace)}${JSON.stringify({ message, ...(data !== undefined && { data }) })}`;
}

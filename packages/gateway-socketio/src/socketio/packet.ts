import { isEvent } from './reserved.js';

/** A packet of Socket.IO protocol 5, as a client may send it. */
export type Packet =
  | { readonly kind: 'connect'; readonly namespace: string; readonly auth: Readonly<Record<string, unknown>> }
  | { readonly kind: 'disconnect'; readonly namespace: string }
  | ({ readonly kind: 'event'; readonly id: number | undefined } & Values)
  | ({ readonly kind: 'ack'; readonly id: number } & Values);

/** A packet that carries values of the application: an event or an acknowledgement. */
export type PacketWithValues = Extract<Packet, Values>;

interface Values {
  readonly namespace: string;
  readonly values: readonly unknown[];
  /** The number of binary messages that follow; placeholders mark their places in `values`. */
  readonly attachments: number;
}

/**
 * Matches the head of a packet: `<type>[<attachments>-][/<namespace>,][<ack id>]`. The comma after the namespace may be
 * missing at the end.
 */
const HEAD = /^([0-6])(?:(\d{1,3})-)?(?:(\/[^,?]{0,255})(?:,|$))?(\d{0,15})/;
/** Maximum binary messages of one packet. The same as in socket.io-parser. */
const ATTACHMENTS_MAX = 10;

/** Parses a packet. Returns `null` if it is invalid, or if a client may not send it. */
export function parsePacket(text: string): Packet | null {
  const [head = '', type = '', count, namespace = '/', digits = ''] = HEAD.exec(text) ?? [];
  const attachments = attachmentsOf(type, count);
  if (attachments === null) return null;
  const id = digits === '' ? undefined : Number(digits);
  const value = jsonOf(text.slice(head.length));
  switch (type) {
    case '0':
      return id === undefined ? connectOf(namespace, value) : null;
    case '1':
      return id === undefined && value === NOTHING ? { kind: 'disconnect', namespace } : null;
    case '2':
    case '5':
      return isEvent(value) ? { kind: 'event', namespace, id, values: value, attachments } : null;
    case '3':
    case '6':
      return id !== undefined && Array.isArray(value)
        ? { kind: 'ack', namespace, id, values: value, attachments }
        : null;
    default:
      // Only a server sends CONNECT_ERROR.
      return null;
  }
}

function attachmentsOf(type: string, count: string | undefined): number | null {
  if (type !== '5' && type !== '6') return count === undefined ? 0 : null;
  const attachments = Number(count);
  return attachments >= 1 && attachments <= ATTACHMENTS_MAX ? attachments : null;
}

function connectOf(namespace: string, value: unknown): Packet | null {
  const auth = value === NOTHING ? {} : value;
  return isRecord(auth) ? { kind: 'connect', namespace, auth } : null;
}

/** Marks absent JSON; `undefined` means invalid JSON. */
const NOTHING: unique symbol = Symbol('nothing');

function jsonOf(json: string): unknown {
  if (json === '') return NOTHING;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

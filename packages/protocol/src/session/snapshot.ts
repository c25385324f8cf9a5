import { isWhole } from '../counts.js';
import { encodeMessageJson, readMessageJson } from '../encoding/json-item.js';
import type { SessionLimits } from '../limits.js';
import { Message } from '../message.js';
import { hasAll } from '../record-check.js';
import { TypedMessage } from '../typed-message.js';

/** A JSON value. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * A frozen session as plain data, from which another node can continue it (SN-24). Times are durations in milliseconds.
 */
export interface SessionSnapshot {
  readonly id: string;
  /** The former id, if the client has not used the new one yet (SN-20). */
  readonly former: string | null;
  readonly nonce: string;
  /** Number of earlier hand-overs. */
  readonly term: number;
  /** The limits announced to its client. */
  readonly limits: SessionLimits;
  /** The client's features beyond the first version. */
  readonly features: string;
  readonly acked: number;
  readonly written: number;
  readonly peerReceived: number;
  readonly received: number;
  readonly settled: number;
  readonly sum: number;
  readonly ackedSum: number;
  readonly peerLast: number | null;
  readonly peerLastSum?: number | undefined;
  readonly closingMs: number | null;
  /** Time since a carrier brought data. */
  readonly silentMs: number;
  /** Time until its token expires; negative after expiry. `null` without a token. */
  readonly leaseMs: number | null;
  /** Pause between polls that are not held, and time since the last one (SN-34). Absent if there was none. */
  readonly everyMs?: number;
  readonly polledMs?: number | undefined;
  readonly top: number;
  readonly instance: number;
  readonly hidden: boolean;
  /** Whether `send` has returned `above` and `drain` was not called since, so that the application waits. */
  readonly above: boolean;
  readonly resets: readonly (readonly [topic: string, no: number])[];
  readonly resetNo: number;
  /** Messages from `acked + 1` on. */
  readonly unacknowledged: readonly Message[];
  /** Messages `settled + 1` to `received`. */
  readonly undelivered: readonly Message[];
  /** Names of the session's topics. */
  readonly topics: readonly string[];
  /** Data of the application. */
  readonly application: JsonValue;
}

/** Version of the format. Raise it whenever a field is added, changed or removed, so that no node misreads it. */
const VERSION = 3;
const format = `everywire-session-${VERSION}`;
/** Matches the format name of any version of the format. */
const anyFormat = /^everywire-session-(\d{1,9})$/;

/** Reports a snapshot with another version of the format, written by another release. Its session is `lost` here. */
export class SnapshotVersionError extends Error {
  override readonly name = 'SnapshotVersionError';
  readonly version: number;

  constructor(found: number) {
    super(
      `The snapshot has format version ${found}, but this server reads version ${VERSION}. Run the same release on all nodes.`,
    );
    this.version = found;
  }
}

/** Encodes a snapshot as text: format name with its version, checksum, JSON. */
export function encodeSnapshot(snapshot: SessionSnapshot): string {
  const { unacknowledged, undelivered, ...rest } = snapshot;
  const list = (messages: readonly Message[]): string => `[${messages.map(encodeMessageJson).join()}]`;
  const keys = unacknowledged.map(({ key }) => key ?? null);
  const keyed = keys.some((key) => key !== null) ? keys : [];
  const json = `[${JSON.stringify(rest)},${list(unacknowledged)},${list(undelivered)},${JSON.stringify(keyed)}]`;
  return `${format} ${checksum(`${format} ${json}`)} ${json}`;
}

/**
 * Parses a snapshot. Returns `null` if it is truncated, altered or inconsistent; its session is `lost` (SN-4).
 *
 * @param serial returns the serial of each message in the order of this node's publications (SN-27)
 * @throws SnapshotVersionError if another version of the format wrote it
 */
export function parseSnapshot(text: string, serial: () => number): SessionSnapshot | null {
  const [name = '', sum = ''] = text.split(' ', 2);
  const [, found] = anyFormat.exec(name) ?? [];
  const json = text.slice(name.length + sum.length + 2);
  if (found === undefined || checksum(`${name} ${json}`) !== sum) return null;
  if (name !== format) throw new SnapshotVersionError(Number(found));
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [fields, down, up, keys] = value as readonly unknown[];
  const unacknowledged = readMessages(down, serial);
  const undelivered = readMessages(up, serial);
  if (!unacknowledged || !undelivered || !hasAll(fields, FIELD_LIST)) return null;
  if (!setKeys(unacknowledged, keys)) return null;
  const snapshot = { ...(fields as Omit<SessionSnapshot, 'unacknowledged'>), unacknowledged, undelivered };
  return fits(snapshot) ? snapshot : null;
}

const FIELD_LIST =
  'sid snonce nterm Llimits nacked nwritten npeerReceived nreceived nsettled nsum nackedSum n?peerLastSum n?everyMs ntop nresetNo bhidden babove';

/** Returns whether the parts are consistent, according to the invariants of a session between two inputs. */
function fits(snapshot: SessionSnapshot): boolean {
  const { acked, written, received, settled, unacknowledged, undelivered, peerReceived } = snapshot;
  const { former, peerLast, closingMs, silentMs, leaseMs, polledMs, resets, resetNo, topics } = snapshot;
  if (typeof snapshot.features !== 'string') return false;
  const counts = acked <= written && written <= acked + unacknowledged.length && peerReceived <= written;
  const taken = settled + undelivered.length === received && (peerLast === null || isWhole(peerLast));
  const times =
    isDuration(silentMs) &&
    isDuration(polledMs ?? 0) &&
    [closingMs, leaseMs].every((one) => one === null || Number.isFinite(one));
  const areResets = Array.isArray(resets) && resets.every((entry) => isEntry(entry) && entry[1] <= resetNo);
  const named = former === null || (typeof former === 'string' && former !== snapshot.id);
  return named && counts && taken && times && areResets && Number.isSafeInteger(snapshot.instance) && areTopics(topics);
}

function areTopics(topics: unknown): boolean {
  return Array.isArray(topics) && topics.every((topic) => typeof topic === 'string');
}

function isEntry(entry: unknown): entry is readonly [string, number] {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string' && isWhole(entry[1]);
}

function isDuration(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}

function readMessages(value: unknown, serial: () => number): readonly Message[] | null {
  if (!Array.isArray(value)) return null;
  const messages: Message[] = [];
  for (const item of value as readonly unknown[]) {
    const message = readMessageJson(item);
    if (!message) return null;
    messages.push(
      message.typed
        ? new TypedMessage((message as TypedMessage).items, serial())
        : new Message(message.binary, message.bytes, serial()),
    );
  }
  return messages;
}

/** Sets the conflation keys of messages (SN-33): one entry per message, or none at all. */
function setKeys(messages: readonly Message[], keys: unknown): boolean {
  if (!Array.isArray(keys) || (keys.length > 0 && keys.length !== messages.length)) return false;
  return (keys as readonly unknown[]).every((key, at) => {
    if (key === null) return true;
    if (typeof key !== 'string') return false;
    (messages[at] as Message).key = key;
    return true;
  });
}

/** Computes 64 bits against damage, not against attacks: two 32-bit FNV-1a hashes with different start values. */
function checksum(text: string): string {
  let one = 0x811c9dc5;
  let two = 0x7ee3623b;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    two = Math.imul(two ^ (unit + at), 0x01000193);
  }
  return (one >>> 0).toString(16).padStart(8, '0') + (two >>> 0).toString(16).padStart(8, '0');
}

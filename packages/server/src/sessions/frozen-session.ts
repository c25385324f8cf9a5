import {
  encodeMessageJson,
  encodeSnapshot,
  type JsonValue,
  type Message,
  parseSnapshot,
  readMessageJson,
  type SessionSnapshot,
} from '@everywire/protocol/internal';
import type { Claims } from '../wire-session.js';
import type { SessionShell } from './session-shell.js';

/**
 * The application's part of a frozen session (SN-24). A session is frozen to be passed to another process. The protocol
 * machine stores the other part.
 */
export interface FrozenApplication {
  readonly claims: Claims;
  /** The `info` of each `join`, by topic. */
  readonly infos: readonly (readonly [topic: string, info: unknown])[];
  /** Hint topics with dropped messages, which are reported when the session has room again. */
  readonly dropped: readonly string[];
  /** Number of requests sent to the client. */
  readonly asked: number;
  /** Messages sent after the freeze, with the key by which a later one replaces an earlier one. */
  readonly forwarded: readonly (readonly [message: JsonValue, key: string | null])[];
  /** The application's own state, from `onFreeze`. */
  readonly state: JsonValue;
}

/** Encodes a frozen session as one line of text, from which another process can restore it. */
export function encodeFrozen(
  session: SessionShell,
  forwarded: readonly Message[],
  state: JsonValue,
  now: number,
): string {
  const { machine, topics } = session;
  const application: FrozenApplication = {
    claims: session.claims,
    infos: topics.flatMap((topic) => (topic.infos?.has(session) ? [[topic.name, topic.infos.get(session)]] : [])),
    dropped: [...(session.dropped ?? [])],
    asked: session.asked,
    forwarded: forwarded.map((message) => [JSON.parse(encodeMessageJson(message)), message.key ?? null]),
    state,
  };
  const names = topics.map(({ name }) => name);
  return encodeSnapshot(machine.snapshot(names, application as unknown as JsonValue, now));
}

/**
 * Parses the text of a frozen session. Returns `null` if the text is damaged.
 *
 * @param awayMs milliseconds for which no process had the session
 * @throws SnapshotVersionError if another version of the format wrote it
 */
export function parseFrozen(
  text: string,
  awayMs: number,
  serial: () => number,
): { readonly snapshot: SessionSnapshot; readonly application: FrozenApplication } | null {
  const read = parseSnapshot(text, serial);
  if (read === null) return null;
  const { silentMs, leaseMs, closingMs } = read;
  const snapshot: SessionSnapshot = {
    ...read,
    silentMs: silentMs + awayMs,
    leaseMs: leaseMs === null ? null : leaseMs - awayMs,
    closingMs: closingMs === null ? null : closingMs + awayMs,
    ...(read.polledMs === undefined ? undefined : { polledMs: read.polledMs + awayMs }),
  };
  return { snapshot, application: read.application as unknown as FrozenApplication };
}

/** Yields the messages that were sent after the freeze, in order. */
export function* forwardedOf({ forwarded }: FrozenApplication): Iterable<Message> {
  for (const [json, key] of forwarded) {
    const message = readMessageJson(json);
    if (message === null) continue;
    if (key !== null) message.key = key;
    yield message;
  }
}

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

/** What of a frozen session the machine does not know (SN-24). */
export interface FrozenApplication {
  readonly claims: Claims;
  /** What was given with `join`, by topic. */
  readonly infos: readonly (readonly [topic: string, info: unknown])[];
  /** Hint topics of which messages were dropped, to be told when it is no longer full. */
  readonly dropped: readonly string[];
  /** Requests that were made of the client. */
  readonly asked: number;
  /** Sent after the freeze, with the key by which a later one replaces it. */
  readonly forwarded: readonly (readonly [message: JsonValue, key: string | null])[];
  /** The application's own, from `onFreeze`. */
  readonly state: JsonValue;
}

/** A frozen session as one line of text, which another process goes on with. */
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
 * Reads it back; `null` where it is damaged.
 *
 * @param awayMs how long no process had the session
 * @throws SnapshotVersionError where another version of the format wrote it
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

/** What was sent after the freeze, in order. */
export function* forwardedOf({ forwarded }: FrozenApplication): Iterable<Message> {
  for (const [json, key] of forwarded) {
    const message = readMessageJson(json);
    if (message === null) continue;
    if (key !== null) message.key = key;
    yield message;
  }
}

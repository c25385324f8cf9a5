import type { ServerLimits } from '../limits.js';

/** The request for a raw link, as a client sends it in its first message or in the body of a request for a ticket. */
export interface RawRequest {
  readonly token: string | undefined;
  readonly topics: readonly string[];
  /** For a ticket: the kind of link that it will open. */
  readonly kind: 'websocket' | 'event-stream';
}

/** Of the polyfills by Yaffle, of Mercure, and of the header. */
const LAST_ID_NAMES = ['lastEventId', 'last-event-id', 'Last-Event-ID'];

type TopicLimits = Pick<ServerLimits, 'topicsPerSessionMax' | 'topicLengthMax'>;

/** Parses `{"topics": ["a"], "token"?: "...", "kind"?: "event-stream"}`. Returns `null` for any other text. */
export function parseRawRequest(text: string): RawRequest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { token, topics, kind = 'websocket' } = value as Readonly<Record<string, unknown>>;
  if (token !== undefined && typeof token !== 'string') return null;
  if (kind !== 'websocket' && kind !== 'event-stream') return null;
  if (!Array.isArray(topics) || !topics.every((topic) => typeof topic === 'string')) return null;
  return { token, topics, kind };
}

/** The query of a raw link's address. */
interface RawQuery {
  readonly topics: readonly string[];
  readonly ticket: string | null;
  /** The last id of an `EventSource` that sends it in the address, as polyfills do; empty if there is none. */
  readonly lastId: string;
}

/** Returns the topics or the ticket of an address, `?topic=a&topic=b` or `?ticket=...`, and the last id. */
export function rawQuery(url: string): RawQuery {
  const at = url.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  const lastId = LAST_ID_NAMES.map((name) => query.get(name)).find((id) => id !== null);
  return { topics: query.getAll('topic'), ticket: query.get('ticket'), lastId: lastId ?? '' };
}

/** Returns whether the number and the lengths of these topics are valid for a link of that kind. */
export function areTopicsPossible(topics: readonly string[], kind: RawRequest['kind'], limits: TopicLimits): boolean {
  if (topics.length > limits.topicsPerSessionMax || (kind === 'event-stream' && topics.length !== 1)) return false;
  return topics.every((topic) => topic.length > 0 && topic.length <= limits.topicLengthMax);
}

import type { BytesMax } from './answer-bytes.js';
import { foldName } from './fold-name.js';
import type { FileKind, Message } from './message.js';
import type { Conversation, ConversationId, Epoch, UserId } from './model.js';
import { findTerm, foldText, type SearchTerm, termTokens, textTokens } from './search-text.js';

/** Something that a message must contain: a file of a kind, any file (`file`), or a link. */
export type SearchHas = FileKind | 'link';

/**
 * Where to search: in one conversation; or in those whose name contains `name` (folded by `foldName`) and direct ones
 * with one of `peers`.
 */
export type SearchPlace =
  | { readonly conversation: ConversationId }
  | { readonly name: string; readonly peers: readonly UserId[] };

/** The conditions of a search; a message must meet all of them. */
export interface SearchWanted {
  readonly terms: readonly SearchTerm[];
  /** The message must be sent by one of these users; `null` for any sender. */
  readonly senders: readonly UserId[] | null;
  /** The message must be in one of these places; `null` for any conversation. */
  readonly places: readonly SearchPlace[] | null;
  readonly has: readonly SearchHas[];
  /** The message must be sent at or after this time, in milliseconds since the epoch; `null` for any time. */
  readonly from: number | null;
  /** The message must be sent before this time; `null` for any time. */
  readonly until: number | null;
}

/** Position of a message in search order: by time, then conversation, then sequence. The highest comes first. */
export interface SearchPosition {
  readonly sentAt: number;
  readonly conversation: ConversationId;
  readonly sequence: number;
}

/** A search with its paging. */
export interface SearchRequest extends SearchWanted {
  /**
   * Returns only messages after this position, which the previous answer contained as `next`; `null` to start with the
   * newest.
   */
  readonly after: SearchPosition | null;
  /** Maximum messages, up to `searchRowsMax`. */
  readonly limit: number;
  readonly bytesMax?: BytesMax | undefined;
}

/** The result of a search. */
export interface SearchAnswer {
  readonly epoch: Epoch;
  /** The newest first, each in the form that the user sees in a page. */
  readonly hits: readonly Message[];
  /**
   * Where to continue; `null` if everything was searched. If not `null` and there are fewer hits than the limit, the
   * search has used up its budget of work.
   */
  readonly next: SearchPosition | null;
}

/** Compares two positions in search order. Negative if `a` comes first. */
export function compareSearchPositions(a: SearchPosition, b: SearchPosition): number {
  return b.sentAt - a.sentAt || b.conversation - a.conversation || b.sequence - a.sequence;
}

/** Returns a position without the other properties of the object, such as a message. */
export function searchPosition({ sentAt, conversation, sequence }: SearchPosition): SearchPosition {
  return { sentAt, conversation, sequence };
}

/** Returns whether a conversation is one of the places. `peer` is the other member of a direct conversation. */
export function isSearchPlace(
  { id, name }: Pick<Conversation, 'id' | 'name'>,
  peer: UserId | null,
  places: readonly SearchPlace[] | null,
): boolean {
  if (places === null) return true;
  return places.some((place) => {
    if ('conversation' in place) return place.conversation === id;
    return peer === null ? name !== '' && foldName(name).includes(place.name) : place.peers.includes(peer);
  });
}

/** The fields of a message that a search examines. */
type Searchable = Pick<Message, 'body' | 'sender' | 'sentAt'>;

/**
 * Returns whether a message meets the conditions, except those about its conversation. Only this function decides;
 * indexes only exclude messages that cannot match.
 */
export function isWanted({ body, sender, sentAt }: Searchable, wanted: SearchWanted): boolean {
  if (body.kind !== 'text') return false;
  if (wanted.senders !== null && !wanted.senders.includes(sender)) return false;
  if (wanted.from !== null && sentAt < wanted.from) return false;
  if (wanted.until !== null && sentAt >= wanted.until) return false;
  const { text, files = [] } = body;
  if (!wanted.has.every((kind) => (kind === 'link' ? link.test(text) : hasFile(files, kind)))) return false;
  const folded = foldText(shownText(text, files));
  return wanted.terms.every((term) => findTerm(folded, term) !== -1);
}

/**
 * Tokens that can exclude a set of messages, such as a block. The set contains no match if it lacks one of `all`, or if
 * it lacks each of `any`.
 */
export interface WantedTokens {
  readonly all: readonly string[];
  /** Empty for any sender. */
  readonly any: readonly string[];
}

/** Returns the tokens for the conditions of a search. */
export function wantedTokens({ terms, has, senders }: SearchWanted): WantedTokens {
  const all = new Set([...terms.flatMap(termTokens), ...has.map(hasToken)]);
  return { all: [...all], any: (senders ?? []).map(senderToken) };
}

/**
 * Adds to `tokens` those by which a message can be found. A message that matches a search has all tokens that
 * `wantedTokens` requires.
 */
export function messageTokens({ body, sender }: Pick<Searchable, 'body' | 'sender'>, tokens: Set<string>): void {
  if (body.kind !== 'text') return;
  const { text, files = [] } = body;
  textTokens(foldText(shownText(text, files)), tokens);
  tokens.add(senderToken(sender));
  if (link.test(text)) tokens.add(hasToken('link'));
  if (files.length > 0) tokens.add(hasToken('file'));
  for (const { kind } of files) tokens.add(hasToken(kind));
}

/** Returns the token of a sender. It cannot be equal to a word of a text, because no word contains a colon. */
function senderToken(user: UserId): string {
  return `from:${user}`;
}

function hasToken(has: SearchHas): string {
  return `has:${has}`;
}

const link = /https?:\/\/\S/i;

type Files = readonly { readonly name: string; readonly kind: FileKind }[];

function hasFile(files: Files, kind: FileKind): boolean {
  return kind === 'file' ? files.length > 0 : files.some((file) => file.kind === kind);
}

/** Returns the searched text, which includes the names of files. */
function shownText(text: string, files: Files): string {
  return files.length === 0 ? text : [text, ...files.map(({ name }) => name)].join('\n');
}

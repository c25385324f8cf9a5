import type { BytesMax } from './answer-bytes.js';
import { foldName } from './fold-name.js';
import type { FileKind, Message } from './message.js';
import type { Conversation, ConversationId, Epoch, UserId } from './model.js';
import { findTerm, foldText, type SearchTerm, termTokens, textTokens } from './search-text.js';

/** What a message may be asked to have: a file of a kind, any file (`file`), or an address. */
export type SearchHas = FileKind | 'link';

/** Where to look: one conversation, or those whose name has `name` in it (folded by `foldName`) or that are with one of `peers` alone. */
export type SearchPlace =
  | { readonly conversation: ConversationId }
  | { readonly name: string; readonly peers: readonly UserId[] };

/** What a message must be to be found: all of it. */
export interface SearchWanted {
  readonly terms: readonly SearchTerm[];
  /** Sent by one of these; `null`: by anybody. */
  readonly senders: readonly UserId[] | null;
  /** In one of these; `null`: anywhere. */
  readonly places: readonly SearchPlace[] | null;
  readonly has: readonly SearchHas[];
  /** Sent at or after, milliseconds since the epoch; `null`: at any time. */
  readonly from: number | null;
  /** Sent before. */
  readonly until: number | null;
}

/** The place of a message among all that could be found: by time, then conversation, then sequence; the highest comes first. */
export interface SearchPosition {
  readonly sentAt: number;
  readonly conversation: ConversationId;
  readonly sequence: number;
}

export interface SearchRequest extends SearchWanted {
  /** Only what comes after this one, as the answer before gave it; `null`: from the newest. */
  readonly after: SearchPosition | null;
  /** Messages wanted, at most `searchRowsMax`. */
  readonly limit: number;
  readonly bytesMax?: BytesMax | undefined;
}

export interface SearchAnswer {
  readonly epoch: Epoch;
  /** The newest first; each as the user sees it in a page. */
  readonly hits: readonly Message[];
  /** How far the search has come: go on from here. `null`: there is nothing further. With fewer hits than wanted, its budget was used up. */
  readonly next: SearchPosition | null;
}

/** Negative where `a` is found before `b`. */
export function compareSearchPositions(a: SearchPosition, b: SearchPosition): number {
  return b.sentAt - a.sentAt || b.conversation - a.conversation || b.sequence - a.sequence;
}

export function searchPosition({ sentAt, conversation, sequence }: SearchPosition): SearchPosition {
  return { sentAt, conversation, sequence };
}

/** Whether a conversation is one of the places; `peer` is the other one of a direct conversation. */
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

/** What of a message is looked at. */
type Searchable = Pick<Message, 'body' | 'sender' | 'sentAt'>;

/** Whether the message is wanted, wherever it is: the truth that every index only narrows. */
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

/** What tells that a set of messages holds no wanted one: one of `all` is in none of them, or none of `any` is. */
export interface WantedTokens {
  readonly all: readonly string[];
  /** Empty: whoever. */
  readonly any: readonly string[];
}

export function wantedTokens({ terms, has, senders }: SearchWanted): WantedTokens {
  const all = new Set([...terms.flatMap(termTokens), ...has.map(hasToken)]);
  return { all: [...all], any: (senders ?? []).map(senderToken) };
}

/** Puts into `tokens` what a message can be found by: a wanted message has all that `wantedTokens` asks for. */
export function messageTokens({ body, sender }: Pick<Searchable, 'body' | 'sender'>, tokens: Set<string>): void {
  if (body.kind !== 'text') return;
  const { text, files = [] } = body;
  textTokens(foldText(shownText(text, files)), tokens);
  tokens.add(senderToken(sender));
  if (link.test(text)) tokens.add(hasToken('link'));
  if (files.length > 0) tokens.add(hasToken('file'));
  for (const { kind } of files) tokens.add(hasToken(kind));
}

/** No word has a colon in it, so these are no words. */
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

/** Files are found by their names. */
function shownText(text: string, files: Files): string {
  return files.length === 0 ? text : [text, ...files.map(({ name }) => name)].join('\n');
}

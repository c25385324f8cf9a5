import type { ClientLinkView, ClientRecord, LinkKind, Message, ServerRecord } from '@everywire/protocol/internal';

/** A message or a control record. */
export type Item = ClientRecord | ServerRecord | Message;

/** What the network calls when something arrives at an end. `key` names the server's side of a link. */
export interface Ends {
  /** A two-way link is open. `headed`: the server has read the record in the handshake. */
  clientOpened(link: ClientLinkView, headed: boolean): void;
  clientItem(link: ClientLinkView, item: Item): void;
  /** A link has ended. `whole`: its answer is complete. `tooLarge`: the network has refused the request because of its size. */
  clientEnded(link: ClientLinkView, whole: boolean, tooLarge: boolean): void;
  /** A record has arrived, with the messages of the same request. */
  serverRecord(key: string, kind: LinkKind, record: ClientRecord, messages: readonly Message[]): void;
  serverMessage(key: string, message: Message): void;
  serverEnded(key: string): void;
}

/** A link between the ends. An HTTP request may reach the server more than once. Each time has its own endpoint. */
export interface Wire {
  readonly id: string;
  readonly kind: LinkKind;
  readonly link: ClientLinkView;
  /** Whether the client has not learned of an end. */
  clientOpen: boolean;
  /** Whether the network has cut it. */
  cut: boolean;
  /** From this time on, nothing passes upstream. */
  upSwallowedFrom: number;
  /** From this time on, nothing passes downstream. */
  downSwallowedFrom: number;
  /** Whether this has already lost an item. */
  swallowed: boolean;
  answerLost: boolean;
  /** Whether the client cannot read the answer. It still notices that there is one. */
  readonly blind: boolean;
  /** From this time on, the answer is buffered to its end. */
  bufferedFrom: number;
  /** Whether nothing passes after the opening. */
  deadOnOpening: boolean;
  /** Key of the endpoint whose answer the client receives. Changes when a browser repeats the request of a stream. */
  used: string;
  /** When the last item arrives, in each direction. Later items do not overtake it. */
  upAt: number;
  downAt: number;
  /** Items of the answer that are delivered at its end. */
  readonly held: Item[];
  readonly endpoints: Endpoint[];
  /** Delivers the rest of the answer to a link of another session; `null` usually. */
  crossedTo: ((item: Item) => void) | null;
}

/** The server's side of a link. */
export interface Endpoint {
  readonly key: string;
  readonly wire: Wire;
  open: boolean;
  /** When the request reached the server. */
  reachedAt: number;
}

/** Returns whether an item is a message, not a record. */
export function isMessage(item: Item): item is Message {
  return 'bytes' in item;
}

import type { ClientLinkView, ClientRecord, LinkKind, Message, ServerRecord } from '@everywire/protocol/internal';

export type Item = ClientRecord | ServerRecord | Message;

/** What the network hands on. */
export interface Ends {
  /** @param headed the server has taken what came in the handshake */
  clientOpened(link: ClientLinkView, headed: boolean): void;
  clientItem(link: ClientLinkView, item: Item): void;
  clientEnded(link: ClientLinkView, whole: boolean, tooLarge: boolean): void;
  /** @param node which node a new carrier reaches; chosen once per carrier. */
  serverRecord(key: string, kind: LinkKind, record: ClientRecord, messages: readonly Message[]): void;
  serverMessage(key: string, message: Message): void;
  serverEnded(key: string): void;
}

/** One carrier between the ends; an HTTP request may reach the server more than once, as one endpoint each. */
export interface Wire {
  readonly id: string;
  readonly kind: LinkKind;
  readonly link: ClientLinkView;
  clientOpen: boolean;
  cut: boolean;
  /** Each direction by itself: a path may go on one way only. */
  upSwallowedFrom: number;
  downSwallowedFrom: number;
  swallowed: boolean;
  answerLost: boolean;
  /** What it is answered with the client cannot read; that it was answered it sees. */
  readonly blind: boolean;
  /** From then on the answer is withheld to its end. */
  bufferedFrom: number;
  deadOnOpening: boolean;
  /** Which endpoint's answer is used: later ones replace it where a browser repeats a stream. */
  used: string;
  upAt: number;
  downAt: number;
  readonly held: Item[];
  readonly endpoints: Endpoint[];
  /** Where its rest goes: to a link of another session. */
  crossedTo: ((item: Item) => void) | null;
}

export interface Endpoint {
  readonly key: string;
  readonly wire: Wire;
  open: boolean;
  reachedAt: number;
}

export function isMessage(item: Item): item is Message {
  return 'bytes' in item;
}

import type { ClientLinkView, ClientRecord, LinkKind, Message, ServerRecord } from '@everywire/protocol/internal';

export type Item = ClientRecord | ServerRecord | Message;

/** The outputs of the network. */
export interface Ends {
  /** @param headed whether the server has taken the record in the handshake */
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
  /** Separate for each direction: a path may continue in one direction only. */
  upSwallowedFrom: number;
  downSwallowedFrom: number;
  swallowed: boolean;
  answerLost: boolean;
  /** Whether the client cannot read the answer; it still notices that there was one. */
  readonly blind: boolean;
  /** From then on the answer is withheld to its end. */
  bufferedFrom: number;
  deadOnOpening: boolean;
  /** The endpoint whose answer is used: a later one replaces it when a browser repeats a stream. */
  used: string;
  upAt: number;
  downAt: number;
  readonly held: Item[];
  readonly endpoints: Endpoint[];
  /** Where the rest of its items go: to a link of another session. */
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

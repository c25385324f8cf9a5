import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Message } from '@everywire/protocol/internal';
import type { Turn } from '../gathering/turn.js';
import type { Body } from '../http/http-body.js';
import type { OriginPolicy } from '../http/origin-policy.js';
import type { StreamBody } from '../http/stream-body.js';
import type { Routes } from '../http/take-over.js';
import type { ServerLimits } from '../limits.js';
import type { RawPublication } from '../raw/raw-publication.js';
import type { Applicant } from '../sessions/admission.js';
import type { TickWheel } from '../tick-wheel.js';
import type { Audience } from '../topics/topic.js';
import type { WireServer } from '../wire-server.js';
import type { Claims, TopicClass } from '../wire-session.js';

/** One client of a gateway, on whatever connections. */
export interface GatewayLink {
  /** Ends what it carries for claims that match. Returns for how many. */
  revoke(match: (claims: Claims) => boolean): number;
  /** The server stops: cleanly. */
  stop(): void;
  /** Nothing is waited for any more. */
  destroy(): void;
}

/** What came through a gateway's WebSocket, one message at a time: nothing more is read while a promise is pending. */
export interface GatewaySocketOwner {
  /** Must not throw or reject. */
  onMessage(data: string | Uint8Array): void | Promise<void>;
  /** Called once, when the connection is gone. */
  onGone(): void;
}

export interface GatewaySocket {
  /** Below 0 and unique in this process: what `PublishOptions.except` knows it by. */
  readonly serial: number;
  /** Reads nothing before this, and writes nothing. */
  open(): void;
  /** Written at the end of the turn. By its class a peer that takes too little loses it, or its connection with close code 1013. */
  deliver(publication: RawPublication, topicClass: TopicClass): void;
  /** As `deliver`, for publications that are of use only together: all of them are dropped, or none. */
  deliverAll(publications: readonly RawPublication[], topicClass: TopicClass): void;
  /** Cleanly, after what was delivered. */
  close(code: number, reason: string): void;
  destroy(): void;
}

/** What `authenticate` is asked with. */
interface GatewayAsking {
  readonly token: string | undefined;
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

/** What a gateway, a server of another protocol on the same connections, needs of the transport server that it belongs to. */
export interface GatewayHost {
  readonly limits: ServerLimits;
  readonly wheel: TickWheel;
  readonly turn: Turn;
  readonly origins: OriginPolicy;
  isClosing(): boolean;
  addressOf(request: IncomingMessage): string;
  onNotice(code: string, text: string): void;
  /** Counts a refusal, with an HTTP status or the code of a close frame. */
  onRefused(status: number, code: string): void;
  onOriginRefused(origin: string): void;
  /**
   * Serves everything under a path, on each http server the wire server is attached to, now and later.
   *
   * @throws TypeError where the path is none, or is served already
   */
  mount(prefix: string, routes: Routes): void;
  /** Asks `authenticate`. */
  admit(asking: GatewayAsking, applicant: Pick<Applicant<object>, 'admitted' | 'refused'>): void;
  /** Whether one more client may come: gateways share `limits.rawLinksMax` with raw links. */
  hasRoom(): boolean;
  add(link: GatewayLink): void;
  remove(link: GatewayLink): void;
  nextSerial(): number;
  /** @returns null where the upgrade was refused */
  accept(request: IncomingMessage, socket: Socket, head: Buffer, ownerOf: GatewayOwnerOf): void;
  refuseUpgrade(request: IncomingMessage, socket: Socket, status: number, code: string): void;
  /** A whole answer with status 200, after which `response.headersSent` may still be false. */
  answer(response: ServerResponse, headers: Readonly<OutgoingHttpHeaders>, text: string): void;
  /** Begins an answer with status 200 that goes on. */
  stream(response: ServerResponse, headers: OutgoingHttpHeaders): StreamBody;
  readBody(request: IncomingMessage, bytesMax: number, onBody: (body: Body) => void): void;
  /** Made once for all who get it; never too big. */
  publication(data: string | Uint8Array): RawPublication;
  /** @param joined how many topics it is in already. @throws WireError `topic_invalid`, `too_many_topics` */
  checkTopic(topic: string, joined: number): void;
  /** What was published, as its members get it. */
  dataOf(message: Message): string | Uint8Array;
  addAudience(topic: string, audience: Audience): void;
  removeAudience(topic: string, audience: Audience): void;
}

/** Called once the handshake is good; what it returns hears of the socket. */
type GatewayOwnerOf = (socket: GatewaySocket) => GatewaySocketOwner;

const hosts: WeakMap<WireServer, GatewayHost> = new WeakMap();

export function setGatewayHost(wire: WireServer, host: GatewayHost): void {
  hosts.set(wire, host);
}

/** @throws TypeError for what `createWireServer` did not make */
export function gatewayHostOf(wire: WireServer): GatewayHost {
  const host = hosts.get(wire);
  if (host === undefined) throw new TypeError('wire: not a server that createWireServer made');
  return host;
}

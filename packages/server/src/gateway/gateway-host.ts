import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Message } from '@everywire/protocol/internal';
import type { PlaceRefusal } from '../addresses/by-address.js';
import type { Tick } from '../gathering/tick.js';
import type { Body } from '../http/http-body.js';
import type { OriginPolicy } from '../http/origin-policy.js';
import type { StreamBody } from '../http/stream-body.js';
import type { Routes } from '../http/take-over.js';
import type { ServerLimits } from '../limits.js';
import type { RawPublication } from '../raw/raw-publication.js';
import type { Applicant } from '../sessions/admission.js';
import type { GatewayClient, PolicyAction, PolicyAnswer } from '../sessions/policy.js';
import type { TimerWheel } from '../timer-wheel.js';
import type { TopicAudience } from '../topics/topic.js';
import type { WireServer } from '../wire-server.js';
import type { Claims, TopicClass } from '../wire-session.js';

/** A client of a gateway, on any number of connections. */
export interface GatewayLink {
  /** Ends the parts of the client (such as its sessions) whose claims match. Returns how many were ended. */
  revoke(match: (claims: Claims) => boolean): number;
  /** Ends the client cleanly, because the server stops. */
  stop(): void;
  /** Ends the client immediately. */
  destroy(): void;
}

/** Receives the messages of a gateway's WebSocket one at a time, because reading pauses while a promise is pending. */
export interface GatewaySocketOwner {
  /** Handles a message. Must not throw or reject. */
  onMessage(data: string | Uint8Array): void | Promise<void>;
  /** Called once, when the connection has closed. */
  onGone(): void;
}

/** Why a client may not begin. */
interface BeginRefusal {
  readonly status: number;
  readonly code: PlaceRefusal | 'closing';
}

/** A WebSocket of a gateway. */
export interface GatewaySocket {
  /** Negative and unique in this process; for `PublishOptions.except`. */
  readonly serial: number;
  /** Starts to read and write. */
  open(): void;
  /**
   * Writes a publication at the end of the tick. A peer that reads too little loses it, or its connection with close
   * code 1013, depending on the class.
   */
  deliver(publication: RawPublication, topicClass: TopicClass): void;
  /** Delivers several publications that are only useful together, like `deliver`. Drops either all of them or none. */
  deliverAll(publications: readonly RawPublication[], topicClass: TopicClass): void;
  /** Closes cleanly, after the delivered publications. */
  close(code: number, reason: string): void;
  /** Closes immediately. */
  destroy(): void;
}

/** The input of `authenticate`. */
interface GatewayAsking {
  readonly token: string | undefined;
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

/**
 * The services of the transport server for a gateway. A gateway serves clients of another protocol on the same port.
 */
export interface GatewayHost {
  readonly limits: ServerLimits;
  readonly wheel: TimerWheel;
  readonly turn: Tick;
  readonly origins: OriginPolicy;
  /** Returns whether the server is stopping. */
  isClosing(): boolean;
  /** Returns the address of a client. */
  addressOf(request: IncomingMessage): string;
  /** Sends a notice. */
  onNotice(code: string, text: string): void;
  /** Counts a refusal, with an HTTP status or a close code. */
  onRefused(status: number, code: string): void;
  /** Sends a notice about a refused origin. */
  onOriginRefused(origin: string): void;
  /**
   * Serves a path on each http server that the wire server is attached to, now and later.
   *
   * @throws TypeError if the path is malformed or already served
   */
  mount(prefix: string, routes: Routes): void;
  /** Calls `authenticate`. */
  admit(asking: GatewayAsking, applicant: Pick<Applicant<object>, 'admitted' | 'refused'>): void;
  /**
   * Asks the application's policy (SN-32), and calls `decided` with its answer: during this call, if the policy answers
   * immediately or there is none. Never rejects, unless `decided` does.
   *
   * @param actionOf called only if there is a policy; `null` is refused with `malformed`
   */
  askPolicy(
    client: GatewayClient,
    actionOf: () => PolicyAction | null,
    decided: (answer: PolicyAnswer) => void | Promise<void>,
  ): void | Promise<void>;
  /** Sends a notice about a refusal of the policy that the client's protocol cannot report. */
  onPolicyRefused(client: GatewayClient, code: string): void;
  /**
   * Returns why another client of this address may not begin; `null` if it may. The server is stopping, or has no place
   * within `limits.rawLinksMax`, which gateways share with raw links.
   */
  beginRefusalOf(remoteAddress: string): BeginRefusal | null;
  /**
   * Registers a client, so that a stopping server waits for it, and takes a place for it.
   *
   * @param remoteAddress `null` takes no place
   */
  add(link: GatewayLink, remoteAddress: string | null): void;
  /** Removes a client that is gone. */
  remove(link: GatewayLink): void;
  /** Returns a new serial for a link. */
  nextSerial(): number;
  /** Accepts an upgrade, or refuses it. `ownerOf` is called only if the handshake is valid. */
  accept(request: IncomingMessage, socket: Socket, head: Buffer, ownerOf: GatewayOwnerOf): void;
  /** Refuses an upgrade. */
  refuseUpgrade(request: IncomingMessage, socket: Socket, status: number, code: string): void;
  /**
   * Sends a complete answer with status 200; `response.headersSent` may still be false afterwards. Cuts the connection if
   * the client does not read it within `limits.lingerMs`.
   */
  answer(response: ServerResponse, headers: Readonly<OutgoingHttpHeaders>, text: string): void;
  /** Starts a streaming answer with status 200. Its end is handled like that of `answer`. */
  stream(response: ServerResponse, headers: OutgoingHttpHeaders): StreamBody;
  /** Reads a body within its limits. */
  readBody(request: IncomingMessage, bytesMax: number, onBody: (body: Body) => void): void;
  /** Returns a publication that all receivers share; has no size limit. */
  publication(data: string | Uint8Array): RawPublication;
  /**
   * Checks that a client may join a topic. @param joined number of topics it has joined. @throws WireError
   * `topic_invalid`, `too_many_topics`
   */
  checkTopic(topic: string, joined: number): void;
  /** Returns a published message in the form that members receive. */
  dataOf(message: Message): string | Uint8Array;
  /** Adds an audience to a topic. */
  addAudience(topic: string, audience: TopicAudience): void;
  /** Removes an audience from a topic. */
  removeAudience(topic: string, audience: TopicAudience): void;
}

/** Called when the handshake was valid; returns the receiver of the socket's messages. */
type GatewayOwnerOf = (socket: GatewaySocket) => GatewaySocketOwner;

/** Registered, because a program that imports a gateway and requires the server has this module twice. */
const HOST: unique symbol = Symbol.for('@everywire/server gateway host') as never;

/** Assigns the gateway host of a server. */
export function setGatewayHost(wire: WireServer, host: GatewayHost): void {
  Object.defineProperty(wire, HOST, { value: host });
}

/** Returns the gateway host of a server. @throws TypeError for a server that `createWireServer` did not create */
export function gatewayHostOf(wire: WireServer): GatewayHost {
  const host = (Object(wire) as { readonly [HOST]?: GatewayHost })[HOST];
  if (host === undefined) throw new TypeError('wire: must be a server returned by createWireServer');
  return host;
}

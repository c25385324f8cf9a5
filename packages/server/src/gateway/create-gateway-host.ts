import type { IncomingMessage } from 'node:http';
import { isThenable } from '@everywire/protocol/internal';
import { type ByAddress, PLACE_STATUS } from '../addresses/by-address.js';
import { addressKey } from '../addresses/remote-address.js';
import type { LiveLink } from '../gathering/link-host.js';
import { MessageMaker } from '../gathering/message-maker.js';
import type { BodyBudget } from '../http/body-budget.js';
import { readBody } from '../http/http-body.js';
import type { OriginPolicy } from '../http/origin-policy.js';
import { StreamBody } from '../http/stream-body.js';
import type { Routes } from '../http/take-over.js';
import { UnreadAnswers } from '../http/unread-answers.js';
import type { RawFraming, RawHost } from '../raw/raw-carrier.js';
import { RawPublication } from '../raw/raw-publication.js';
import { RawWebSocket } from '../raw/raw-websocket.js';
import { refusal } from '../refusal.js';
import { createAdmission } from '../sessions/admission.js';
import { reasonOf } from '../sessions/authentication.js';
import type { Lifecycle } from '../sessions/lifecycle.js';
import type { Policy } from '../sessions/policy.js';
import { chooseWriter } from '../sockets/choose-writer.js';
import { publicWriter } from '../sockets/socket-writer.js';
import type { Hub } from '../topics/hub.js';
import type { createHandshakes } from '../websocket/deflate-handshake.js';
import { refuseUpgrade } from '../websocket/upgrades.js';
import type { WireServerOptions } from '../wire-server.js';
import type { Claims } from '../wire-session.js';
import type { GatewayHost, GatewayLink, GatewaySocket, GatewaySocketOwner } from './gateway-host.js';

/** The parts of the server that gateways use. */
export interface GatewayParts {
  readonly rawHost: RawHost;
  /** The places of `limits.rawLinksMax`, which gateways share with raw links. */
  readonly places: ByAddress<object>;
  readonly authenticate: WireServerOptions['authenticate'];
  readonly policy: Policy | undefined;
  readonly hub: Hub;
  readonly origins: OriginPolicy;
  readonly room: BodyBudget;
  readonly lifecycle: Lifecycle;
  readonly handshake: ReturnType<typeof createHandshakes>;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly directSockets: boolean;
  readonly onNotice: (code: string, text: string) => void;
  readonly onOriginRefused: (origin: string) => void;
  readonly mount: (prefix: string, routes: Routes) => void;
}

/** All gateways of one server. */
export interface Gateways {
  readonly host: GatewayHost;
  /** Ends the clients of all gateways whose claims match. Returns the number of ended clients. */
  revoke(match: (claims: Claims) => boolean): number;
  /** Returns the number of clients that are being authenticated. */
  pending(): number;
}

/** Creates the host of a server's gateways, which serve clients of other protocols on the same port. */
export function createGateways(parts: GatewayParts): Gateways {
  const { rawHost, places, hub, lifecycle, onNotice } = parts;
  const { limits, wheel, turn, onRefused } = rawHost;
  const links = new Set<GatewayLink>();
  // Registered at the lifecycle while there are clients, so that a stopping server ends them and waits for them.
  const all: LiveLink = {
    leave(): void {
      for (const link of [...links]) link.stop();
    },
    destroy(): void {
      for (const link of [...links]) link.destroy();
    },
  };
  const maker = new MessageMaker(Number.POSITIVE_INFINITY);
  const sockets = createSockets(parts);
  const unread = new UnreadAnswers(wheel, limits.lingerMs, parts.directSockets);
  const admission = createAdmission<object>({
    authenticate: parts.authenticate,
    limits,
    wheel,
    onNotice,
    isClosing: () => lifecycle.closing,
    onFailed: (error) => onNotice('gateway_failed', `authenticate: ${reasonOf(error)}`),
  });

  const host: GatewayHost = {
    limits,
    wheel,
    turn,
    origins: parts.origins,
    onNotice,
    onRefused,
    mount: parts.mount,
    addressOf: parts.addressOf,
    onOriginRefused: parts.onOriginRefused,
    isClosing: () => lifecycle.closing,
    admit: ({ token, origin, remoteAddress }, applicant) =>
      admission.ask({ who: { token }, origin, remoteAddress }, () => GRANTED, applicant),
    askPolicy(client, actionOf, decided): void | Promise<void> {
      const { policy } = parts;
      if (policy === undefined) return decided(true);
      const action = actionOf();
      const answer = action === null ? 'malformed' : policy(client, action);
      return isThenable(answer) ? answer.then(decided) : decided(answer);
    },
    onPolicyRefused: ({ serial }, code) =>
      onNotice('policy_refused', `The policy refused a message of gateway client ${serial}: ${code}.`),
    beginRefusalOf(remoteAddress) {
      if (lifecycle.closing) return { status: 503, code: 'closing' };
      const code = places.refusalOf(addressKey(remoteAddress), limits.rawLinksMax);
      return code === null ? null : { status: PLACE_STATUS[code], code };
    },
    add(link, remoteAddress): void {
      if (remoteAddress !== null) places.add(link, addressKey(remoteAddress));
      if (links.size === 0) lifecycle.onLink(all);
      links.add(link);
    },
    remove(link): void {
      places.delete(link);
      if (links.delete(link) && links.size === 0) lifecycle.onLinkGone(all);
    },
    nextSerial: rawHost.nextSerial,
    accept: sockets,
    refuseUpgrade(request, socket, status, code): void {
      onRefused(status, code);
      refuseUpgrade(request, socket, status, code);
    },
    answer(response, headers, text): void {
      const { socket, req } = response;
      // HEAD gets no body.
      const way = socket === null || req.method === 'HEAD' ? publicWriter : chooseWriter(socket, parts.directSockets);
      const isAscii = Buffer.byteLength(text) === text.length;
      unread.began(socket);
      way.answer(response, headers, isAscii ? text : Buffer.from(text).toString('latin1'));
      unread.ended(socket);
    },
    stream(response, headers): StreamBody {
      const { socket } = response;
      unread.began(socket);
      return new StreamBody(response, headers, parts.directSockets, () => unread.ended(socket));
    },
    readBody(request, bytesMax, onBody): void {
      const address = addressKey(parts.addressOf(request));
      readBody(request, { bytesMax, times: limits, room: parts.room, address }, wheel, onBody);
    },
    publication: (data) => new RawPublication(maker.make(data), null),
    checkTopic(topic, joined): void {
      if (typeof topic !== 'string' || topic.length === 0 || topic.length > limits.topicLengthMax)
        throw refusal('topic_invalid');
      if (joined >= limits.topicsPerSessionMax) throw refusal('too_many_topics');
    },
    dataOf: (message) => rawHost.maker.dataOf(message),
    addAudience: hub.addAudience,
    removeAudience: hub.removeAudience,
  };

  function revoke(match: (claims: Claims) => boolean): number {
    admission.revoke(match);
    return [...links].reduce((count, link) => count + link.revoke(match), 0);
  }

  return { host, revoke, pending: admission.pending };
}

/** The application grants nothing more than admission to clients of gateways, so any value serves. */
const GRANTED = {};
const NO_CLAIMS: Claims = { subject: '' };

/** Creates the WebSockets of gateways: raw links whose messages go to the gateway. */
function createSockets(parts: GatewayParts): GatewayHost['accept'] {
  const { rawHost, handshake, lifecycle } = parts;
  const owners = new Map<unknown, { readonly owner: GatewaySocketOwner; readonly live: LiveLink }>();
  const host: RawHost = {
    ...rawHost,
    onMessage: (link, data) => owners.get(link)?.owner.onMessage(data),
    onLinkGone(link): void {
      const known = owners.get(link);
      owners.delete(link);
      if (known === undefined) return;
      lifecycle.onLinkGone(known.live);
      known.owner.onGone();
    },
  };

  return (request, socket, head, ownerOf) => {
    const answer = handshake(request, 'raw');
    if (answer.kind === 'refused') {
      rawHost.onRefused(answer.status, answer.code);
      refuseUpgrade(request, socket, answer.status, answer.code, answer.headers);
      return;
    }
    socket.write(answer.response);
    const framing: RawFraming = answer.window === undefined ? host.plain : host.deflating(answer.window);
    const link = new RawWebSocket(host, framing, socket, () => undefined);
    link.ask();
    // The owner sends the last message of its protocol itself.
    const live = { leave: () => undefined, destroy: () => link.destroy() };
    lifecycle.onLink(live);
    owners.set(link, { owner: ownerOf(socketOf(link)), live });
    if (head.length > 0) link.onBytes(head);
  };
}

function socketOf(link: RawWebSocket): GatewaySocket {
  return {
    serial: link.serial,
    // The owner itself ends the socket when its claims expire.
    open: () => link.admitted(NO_CLAIMS, []),
    deliver: (publication, topicClass) => link.deliver(publication, topicClass, null),
    deliverAll: (publications, topicClass) => link.deliverAll(publications, topicClass),
    close: (code, reason) => link.close(code, reason),
    destroy: () => link.destroy(),
  };
}

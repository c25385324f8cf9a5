import { callNow, type Encoding, type FrameParserOptions, frameEncoding } from '@everywire/protocol/internal';
import { ByAddress } from '../addresses/by-address.js';
import { addressKey } from '../addresses/remote-address.js';
import { errorLocation } from '../error-location.js';
import type { MessageMaker } from '../gathering/message-maker.js';
import type { Tick } from '../gathering/tick.js';
import type { OriginPolicy } from '../http/origin-policy.js';
import type { Routes } from '../http/take-over.js';
import type { ServerLimits } from '../limits.js';
import type { Lifecycle } from '../sessions/lifecycle.js';
import type { TimerWheel } from '../timer-wheel.js';
import type { Hub } from '../topics/hub.js';
import type { WireServerOptions } from '../wire-server.js';
import type { RawCarrier, RawFraming, RawHost } from './raw-carrier.js';
import { createRawLinks, type RawLinks, type RawLinksOptions } from './raw-links.js';
import { RawTopics } from './raw-topics.js';

/** Options of `createRaw`. */
export interface CreateRawOptions {
  readonly options: WireServerOptions;
  readonly limits: ServerLimits;
  readonly hub: Hub;
  readonly turn: Tick;
  readonly wheel: TimerWheel;
  readonly now: () => number;
  readonly maker: MessageMaker;
  readonly policy: OriginPolicy;
  readonly lifecycle: Lifecycle;
  readonly parserOptions: FrameParserOptions;
  /** The encodings of WebSockets with compression, indexed by the bits of a client's compression window. Empty without compression. */
  readonly deflateEncodings: readonly (Encoding | undefined)[];
  readonly handshake: RawLinksOptions['handshake'];
  readonly onNotice: (code: string, text: string) => void;
  readonly onOriginRefused: (origin: string) => void;
  readonly addressOf: RawLinksOptions['addressOf'];
  readonly room: RawLinksOptions['room'];
  readonly onRefused: (status: number, code: string) => void;
}

/** The raw links of a server: plain `WebSocket`s and `EventSource`s of clients without the client library (SN-16). */
export interface Raw {
  /** Returns routes that serve the paths of raw links, and pass all other requests to the given ones. */
  before(routes: Routes): Routes;
  readonly host: RawHost;
  /** The places of `limits.rawLinksMax`, which raw links and clients of gateways share. */
  readonly places: ByAddress<object>;
  find: RawLinks['find'];
  revoke: RawLinks['revoke'];
  pending: RawLinks['pending'];
  openTickets: RawLinks['openTickets'];
}

/** Creates the raw links of a server. */
export function createRaw(parts: CreateRawOptions): Raw {
  const { options, limits, hub, wheel, now, lifecycle, onNotice } = parts;
  const links = new Set<RawCarrier>();
  const places = new ByAddress<object>();
  let serial = 0;
  const compressed = { ...parts.parserOptions, messageBytesMax: limits.messageBytesMax, deflate: true };
  const deflating = parts.deflateEncodings.map((one) => one && { parserOptions: compressed, frames: one });
  const host: RawHost = {
    turn: parts.turn,
    wheel,
    limits,
    maker: parts.maker,
    now,
    // A raw link neither escapes texts nor has records, so a frame may only be as long as a message.
    plain: {
      parserOptions: { ...parts.parserOptions, messageBytesMax: limits.messageBytesMax },
      frames: frameEncoding,
    },
    deflating: (window) => deflating[window] as RawFraming,
    topics: new RawTopics({ hub, limits, wheel, now, hasHistory: guardedHistory(options.hasHistory, onNotice) }),
    nextSerial: () => --serial,
    onMessage: options.onRawMessage ?? null,
    onRefused: parts.onRefused,
    onHandlerFailed: (link, error) =>
      onNotice('handler_failed', `onRawMessage failed for raw link ${link.serial}: ${errorLocation(error)}`),
    onSlowLink: () => onNotice('slow_raw_link', 'A raw link took too little of what waited for it; it was ended.'),
    onLinkGone: (link) => {
      links.delete(link);
      places.delete(link);
      lifecycle.onLinkGone(link);
    },
  };
  const rawLinks = createRawLinks({
    host,
    links,
    places,
    limits,
    wheel,
    onNotice,
    policy: parts.policy,
    onOriginRefused: parts.onOriginRefused,
    addressOf: parts.addressOf,
    room: parts.room,
    handshake: parts.handshake,
    authenticate: options.authenticate,
    onRawLink: options.onRawLink,
    isClosing: () => lifecycle.closing,
    onLink: (link, remoteAddress) => {
      links.add(link);
      places.add(link, addressKey(remoteAddress));
      lifecycle.onLink(link);
    },
  });
  return {
    before: (routes) => ({
      onRequest: (request, response, name) => {
        if (!rawLinks.onRequest(request, response, name)) routes.onRequest(request, response, name);
      },
      onUpgrade: (request, socket, head, name) => {
        if (!rawLinks.onUpgrade(request, socket, head, name)) routes.onUpgrade(request, socket, head, name);
      },
    }),
    host,
    places,
    find: rawLinks.find,
    revoke: rawLinks.revoke,
    pending: rawLinks.pending,
    openTickets: rawLinks.openTickets,
  };
}

/** Guards the application's `hasHistory`. If it fails, the topic has no history. */
function guardedHistory(
  hasHistory: (topic: string) => boolean = () => false,
  onNotice: CreateRawOptions['onNotice'],
): (topic: string) => boolean {
  return (topic) => {
    try {
      return callNow('hasHistory', () => hasHistory(topic));
    } catch (error) {
      onNotice('handler_failed', `hasHistory failed: ${errorLocation(error)}`);
      return false;
    }
  };
}

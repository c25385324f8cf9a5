// Over 300 lines: the one place that connects the parts of a server.
import type { Server as HttpServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { callNow, frameEncoding } from '@everywire/protocol/internal';
import { AddressConnections } from './addresses/address-connections.js';
import { createClientAddresses } from './addresses/client-address.js';
import { guardConnections } from './addresses/connection-guard.js';
import { guardRoutes } from './addresses/guard-routes.js';
import { setBudgets } from './budgets.js';
import { deadlineOf } from './call-options.js';
import { checkDuration } from './check-duration.js';
import { limitsOf } from './check-limits.js';
import { checkOptionNames } from './check-option-names.js';
import { Doctor } from './doctor/doctor-endpoint.js';
import { errorLocation } from './error-location.js';
import { createFlashPolicyHandler } from './flash-socket/flash-policy-handler.js';
import { createGateways } from './gateway/create-gateway-host.js';
import { setGatewayHost } from './gateway/gateway-host.js';
import type { LiveLink } from './gathering/link-host.js';
import { MessageMaker } from './gathering/message-maker.js';
import { NodeBuffer } from './gathering/node-buffer.js';
import { SharedBatches } from './gathering/shared-batches.js';
import { Tick } from './gathering/tick.js';
import { toData } from './gathering/to-data.js';
import { guardedClock } from './guarded-clock.js';
import { BodyBudget } from './http/body-budget.js';
import { createFastPathConnections } from './http/fast-path-connections.js';
import { createHostPolicy } from './http/host-policy.js';
import { IdlePollThrottle } from './http/idle-poll-throttle.js';
import { Mounts } from './http/mounts.js';
import { createOriginPolicy } from './http/origin-policy.js';
import { refuseHttp2 } from './http/refuse-http2.js';
import { gateRequests } from './http/request-gate.js';
import { createRequests } from './http/requests.js';
import type { Routes } from './http/take-over.js';
import { createTickets } from './http/tickets.js';
import { transports } from './http/transports.js';
import { createNotices } from './notices.js';
import { createRaw } from './raw/create-raw.js';
import { applyRawPolicy } from './raw/raw-policy.js';
import { createAuthentication } from './sessions/authentication.js';
import { HandOver } from './sessions/hand-over.js';
import { Lifecycle } from './sessions/lifecycle.js';
import { LocatorCodec } from './sessions/locator.js';
import { createPolicy } from './sessions/policy.js';
import type { SessionShell } from './sessions/session-shell.js';
import { SessionTable } from './sessions/session-table.js';
import { createTcpAcceptor } from './tcp/tcp-acceptor.js';
import { createTimerWheel } from './timer-wheel.js';
import { createHub } from './topics/hub.js';
import { PublishBatch } from './topics/publish-batch.js';
import { createDeflateEncodings } from './websocket/deflate-encoding.js';
import { createHandshakes } from './websocket/deflate-handshake.js';
import { createUpgrades } from './websocket/upgrades.js';
import type { WireServer, WireServerOptions } from './wire-server.js';
import type { Claims } from './wire-session.js';

/**
 * Creates the transport server, which is idle until `attach`.
 *
 * @throws TypeError for an unknown option or limit, a malformed `path` or entry of `origins`, RangeError for inconsistent limits
 */
export function createWireServer(options: WireServerOptions): WireServer {
  checkOptionNames(options);
  const limits = limitsOf(options.limits);
  const prefix = checkPath(options.path ?? '/everywire');
  // Whole milliseconds, because the engine stores an integer inline, while each fraction would allocate an object.
  const now =
    options.now === undefined
      ? () => Math.floor(performance.now())
      : guardedClock(options.now, (error) => onNotice('handler_failed', `now failed: ${errorLocation(error)}`));
  const wheel = createTimerWheel(limits.tickMs, now);
  const notices = createNotices(options.onNotice, now, limits.noticeIntervalMs);
  const onNotice = (code: string, text: string): void => notices.report(code, text);
  const onRefused = (status: number, code: string): void => {
    if (status >= 1_000) onNotice('socket_refused', `A socket was closed with ${status}: ${code}.`);
    else if (!REPORTED_ELSEWHERE.has(code)) onNotice(code, `A request was refused with ${status}: ${code}.`);
  };

  const deflateEncodings = options.deflate === true ? createDeflateEncodings(limits) : [];
  const compressed = deflateEncodings.filter((one) => one !== undefined);
  // For each encoding, the shared bytes of runs (sequences of consecutive messages).
  const runs = new Map(
    [frameEncoding, ...compressed, ...transports.map((row) => row.encoding)].map((one) => [
      one,
      new SharedBatches(one),
    ]),
  );
  const turn = new Tick(now, [...runs.values()], (time) => {
    run.finish(time);
    table.registry.flush(time);
  });
  const run = new PublishBatch(() => turn.schedule());
  const buffer = new NodeBuffer({
    bytesMax: limits.nodeBufferBytesMax,
    sessions: () => table.sessions(undefined),
    onNotice,
  });
  const maker = new MessageMaker(limits.messageBytesMax, limits.nodeBufferBytesMax, () => {
    // Deferred, because this runs during a publish, which iterates over the sessions, and the check may end some of them.
    setImmediate(() => maker.allow(buffer.check()));
    return Number.POSITIVE_INFINITY;
  });
  const { broker, onBrokerGap, onSession, onFreeze, onRestore, authenticate } = options;
  const hub = createHub({ limits, broker, onBrokerGap, maker, turn, run, onNotice });
  const locators = new LocatorCodec(options.node);
  const rules = createPolicy(options.policy, onNotice);
  const onToken = (session: SessionShell, token: string): void => authentication.renew(session, token);
  const table = new SessionTable({
    ...{ limits, hub, turn, run, wheel, now, maker, onSession, onRestore, onNotice, onToken, locators },
    policy: rules,
    idempotent: options.idempotent ?? false,
  });

  const lifecycle = new Lifecycle(table, wheel);
  const { registry } = table;
  const authentication = createAuthentication({
    ...{ authenticate, limits, wheel, now, onNotice },
    sessionCount: () => registry.size,
    isClosing: () => lifecycle.closing,
    subjectOf: (nonce) => table.subjectOf(nonce),
    admit: (link, record, messages, admitted) => table.admit(link, record, messages, admitted),
  });
  const { open } = authentication;

  const policy = createOriginPolicy(options.origins ?? []);
  const directSockets = options.directSockets ?? true;
  const addresses = createClientAddresses(options.trustedProxies ?? [], {
    directSockets,
    onInvalid: (element) => onNotice('forwarded_invalid', forwardedText(element)),
  });
  const frames = runs.get(frameEncoding) as SharedBatches;
  // One byte more for a text that starts with U+0000, which is escaped by another one. A record may exceed the longest message.
  const parserBytesMax = Math.max(limits.messageBytesMax + 1, RECORD_BYTES_MAX);
  const host = {
    transport: 'websocket' as const,
    ...{ registry, turn, wheel, now, open, limits, frames, maker },
    parserOptions: { masked: true, messageBytesMax: parserBytesMax, fragmentsMax: limits.fragmentsMax },
    directSockets,
    quiet: new IdlePollThrottle(limits),
    onSlowLink: () =>
      onNotice('slow_link', 'A peer read nothing while data beyond its window was waiting; its link was cut.'),
    onLinkGone: (link: LiveLink) => lifecycle.onLinkGone(link),
    onRefused,
  };
  const shared = {
    ...{ host, policy, addressOf: addresses.of },
    onOriginRefused: (origin: string) => onNotice('origin_refused', refusedText(origin)),
    onLink: (link: LiveLink) => lifecycle.onLink(link),
  };
  const runsOf = (row: (typeof transports)[number]): SharedBatches => runs.get(row.encoding) as SharedBatches;
  const { parserOptions } = host;
  const handshake = createHandshakes(options.deflate === true);
  const deflatingHosts = deflateEncodings.map(
    (one) =>
      one && { ...host, frames: runs.get(one) as SharedBatches, parserOptions: { ...parserOptions, deflate: true } },
  );
  const deflating = (window: number): typeof host => deflatingHosts[window] as typeof host;
  const room = new BodyBudget(limits.bodyBytesPerAddressMax);
  const raw = createRaw({
    ...shared,
    options: { ...options, ...applyRawPolicy(options, rules) },
    limits,
    hub,
    turn,
    wheel,
    now,
    maker,
    onNotice,
    onRefused,
    lifecycle,
    parserOptions,
    deflateEncodings,
    handshake,
    room,
  });
  const connections = createFastPathConnections(host, host.directSockets);
  const doctor = new Doctor({ limits, wheel, now, addressOf: addresses.of });
  lifecycle.onAttached(() => doctor.close());
  const tickets = createTickets(limits, now);
  const onRequest = createRequests({
    ...{ ...shared, limits, runsOf, connections, room, doctor: doctor.endpoint, tickets },
    jsonp: options.jsonp === true,
  });
  lifecycle.onAttached(connections.release);
  const onUpgrade = createUpgrades({ ...shared, deflating, handshake, isClosing: () => lifecycle.closing });

  const addressConnections = new AddressConnections(limits);
  const attachTcp = createTcpAcceptor({
    ...{ limits, onNotice, connections: addressConnections },
    host: { ...host, transport: 'tcp', parserOptions: { ...parserOptions, masked: false } },
    isClosing: () => lifecycle.closing,
    onLink: (link) => lifecycle.onLink(link),
    onForeign: createFlashPolicyHandler(options.flashPolicy),
  });
  const allowsHost = createHostPolicy(options.hosts ?? [], addresses.isProxy);
  const guarded = (routes: Routes): Routes => guardRoutes(routes, { limits, allowsHost }, onRefused);
  const mounts = new Mounts(prefix, guarded(raw.before({ onRequest, onUpgrade })));
  const gateways = createGateways({
    ...{
      rawHost: raw.host,
      places: raw.places,
      authenticate,
      policy: rules,
      hub,
      origins: policy,
      room,
      lifecycle,
      handshake,
    },
    ...{ addressOf: addresses.of, directSockets, onNotice, onOriginRefused: shared.onOriginRefused },
    mount: (path, routes) => mounts.add(checkPath(path), guarded(routes)),
  });

  const wire: WireServer = {
    attach(server: HttpServer): void {
      refuseHttp2(server);
      const { isTrusted } = addresses;
      const shares = { connections: addressConnections, limits, wheel };
      const guard = guardConnections(server, { ...shares, isTrusted, directSockets, onNotice });
      const openGates = gateRequests(server, { limits, wheel });
      const release = mounts.attach(server, (request) => guard.spoke(request.socket));
      lifecycle.onAttached(() => {
        release();
        openGates();
        guard.giveBack();
      });
    },
    attachTcp: (server) => lifecycle.onAttached(attachTcp(server)),
    publish: (topics, data, how) => {
      // Any other value is passed on as if it were a name, and the hub refuses it as `topic_invalid`.
      const names = Array.isArray(topics) ? topics : [topics as string];
      hub.publish(names, toData(data, 'publish'), how ?? NOTHING);
    },
    members: (topic, query) => hub.members(topic, query ?? NOTHING),
    watchMembers: (topic, listener) => hub.watch(topic, listener),
    listen: (topic, listener) => hub.listen(topic, listener),
    sessions: (match) => table.sessions(answersNow(match)),
    explain: (match) => table.sessions(answersNow(match)).map((session) => ({ session, moves: session.moves })),
    recordings: (match) => table.recordings.find(answersNow(match)),
    revoke(given): number {
      const match = answersNow(given);
      authentication.revoke(match);
      const sessions = table.sessions(match);
      for (const session of sessions) session.end('revoked');
      return sessions.length + raw.revoke(match) + gateways.revoke(match);
    },
    rawLinks: (match) => raw.find(answersNow(match)),
    counters: () => notices.counts(),
    freeze: async (how) => {
      const deadlineMs = deadlineOf(how, limits.freezeMs);
      lifecycle.closing = true;
      table.failUnattached();
      return new HandOver({ table, wheel, now, onFreeze }).freeze(deadlineMs);
    },
    restore(frozen, { awayMs }): number {
      if (onRestore === undefined) throw new TypeError('onRestore: must be set to restore sessions');
      const restored = table.restoration.restore(frozen, checkDuration('awayMs', awayMs));
      maker.allow(buffer.check());
      return restored;
    },
    close: async (how) => lifecycle.close(deadlineOf(how, limits.closeMs)),
  };
  setGatewayHost(wire, gateways.host);
  setBudgets(wire, () => ({
    sessions: registry.size,
    unconfirmed: table.unconfirmedCount,
    authentications: authentication.pending() + raw.pending() + gateways.pending(),
    links: lifecycle.linkCount,
    rawLinks: raw.places.size,
    rawTickets: raw.openTickets(),
    tickets: tickets.standing(),
    bodyBytes: room.bytes,
    connections: addressConnections.size,
  }));
  return wire;
}

/** Codes of refusals that need no notice of their own, because they have a more detailed one or are not the client's fault. */
const REPORTED_ELSEWHERE: ReadonlySet<string> = new Set(['origin_refused', 'closing', 'busy']);

const NOTHING = {};

/** Maximum bytes of a client's control record. The longest ones contain the padding of a probe, or a token. */
const RECORD_BYTES_MAX = 16 << 10;

/** Guards against a `match` that returns a promise, which would count as `true` for every client. */
function answersNow<Match extends ((claims: Claims) => boolean) | undefined>(match: Match): Match {
  if (match === undefined) return match;
  return ((claims: Claims) => callNow('match', () => match(claims))) as Match;
}

/** Returns a valid path. @throws TypeError */
function checkPath(path: string): string {
  if (/^(\/[\w.~-]+)+$/.test(path)) return path;
  throw new TypeError(`path: ${JSON.stringify(path)} must be like /everywire`);
}

function forwardedText(element: string): string {
  return (
    `A trusted proxy reported ${JSON.stringify(element.slice(0, 64))} in X-Forwarded-For, which is no address. ` +
    'Its clients count as one address: configure the proxy to report theirs.'
  );
}

function refusedText(origin: string): string {
  const refused = `A page of ${JSON.stringify(origin.slice(0, 200))} was refused.`;
  if (/^(?:null$|file:)/.test(origin))
    return `${refused} The setting "origins" cannot name it: serve the page over http, or from a scheme of the app's shell.`;
  return (
    `${refused} If it is yours, name it in the setting "origins"; ` +
    'behind a proxy that ends TLS the public address is such an origin too.'
  );
}

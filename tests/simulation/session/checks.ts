import type { Verdict } from '@everywire/protocol';
import {
  type ClientLinkView,
  type ClientRecord,
  ClientSession,
  type Message,
  type ServerSession,
} from '@everywire/protocol/internal';
import { isSame } from './accepts.js';
import { bufferMessages, faultsEnd, windowMessages } from './profile.js';
import type { ServerApplication } from './server-node.js';
import type { Simulation } from './simulate.js';

type ClientLink = NonNullable<ClientSession['manager']['links']['current']>;

/** A description of what is wrong; `undefined` if nothing is. */
export type Violation = string | undefined;

/** The counts of the sender in one direction. `allowed` is how many messages the window permits to write. */
interface Sender {
  readonly bufferedAmount: number;
  readonly allowedBytes: number;
  readonly acked: number;
  readonly written: number;
  readonly sent: number;
  readonly allowed: number;
}
/** The counts of the receiver in one direction. `settled` messages have been processed by the application. */
interface Receiver {
  /** Bytes of received messages that are not settled. Known only for a server. */
  readonly unsettledBytes?: number;
  readonly settled: number;
  readonly received: number;
}

/** The state of the server before a step. */
interface Mark {
  /** `undefined` if there is none, or if it has ended. */
  readonly session: ServerSession | undefined;
  /** Number of messages that the server's application had received. */
  readonly got: number;
}

/** Returns the state of the server before a step, for `checkStep`. */
export function markStep({ server }: Simulation): Mark {
  return { session: server?.session.done ? undefined : server?.session, got: server?.got.length ?? 0 };
}

/** Checks the invariants of `docs/spec/session.md`, after each step. */
export function checkStep(simulation: Simulation, before: Mark): Violation {
  const { client, server } = simulation;
  const session = server?.session;
  // If the counts of a carrier (a link or one body on it) show damage, none of its messages may be accepted (SN-2).
  if (session && session === before.session && session.done?.code === 'lost' && server.got.length > before.got)
    return 'server: took messages of a carrier whose counts are wrong';
  const own =
    checkSender('client', client.flow) ?? checkReceiver('client', client.flow) ?? checkClientLinks(simulation);
  if (own || !session) return own;
  const { outgoing, incoming } = session.flow;
  const other = checkSender('server', outgoing) ?? checkReceiver('server', incoming) ?? checkServerLinks(session);
  const { removed, crossed } = simulation.network;
  if (other || simulation.rolledBack || removed + crossed > 0) return other;
  return checkDirection('up', client.flow, incoming) ?? checkDirection('down', outgoing, client.flow);
}

/** Checks the counts of the sender `who` in one direction. */
function checkSender(who: string, sender: Sender): Violation {
  const { acked, written, sent, allowed } = sender;
  if (acked > written || written > allowed || allowed > sent) {
    return `${who}: acked ${acked} <= written ${written} <= allowed ${allowed} <= sent ${sent}`;
  }
  if (written - acked > windowMessages) return `${who}: ${written - acked} messages written beyond acked`;
  if (sent - acked > bufferMessages) return `${who}: ${sent - acked} messages buffered`;
  const bytes = sent === acked ? sender.bufferedAmount : 0;
  return bytes || (allowed === acked && sender.allowedBytes)
    ? `${who}: bytes of nothing counted as buffered`
    : undefined;
}

/** Checks the counts of the receiver `who` in one direction. */
function checkReceiver(who: string, { settled, received, unsettledBytes }: Receiver): Violation {
  if (received === settled && unsettledBytes) return `${who}: ${unsettledBytes} bytes of nothing unsettled`;
  const fits = received - settled <= windowMessages && received >= settled;
  return fits ? undefined : `${who}: received ${received}, settled ${settled}`;
}

/** Checks that the counts of both ends of one direction fit together. */
function checkDirection(name: string, sender: Sender, receiver: Receiver): Violation {
  const { acked, written } = sender;
  const { settled, received } = receiver;
  return acked <= settled && received <= written
    ? undefined
    : `${name}: acked ${acked} <= settled ${settled} <= received ${received} <= written ${written}`;
}

/** Checks the client's next message number, and that its number of links is limited. */
function checkClientLinks({ client }: Simulation): Violation {
  const { up, count } = linksOf(client);
  const { acked, done } = client.flow;
  if (up && !done && (up.out <= acked || up.out > acked + windowMessages + 1))
    return `client: out ${up.out}, acked ${acked}`;
  return count > 12 ? `client: ${count} links` : undefined;
}

/** Returns the link that the client writes to (`null` for none), and the number of links that it reads. */
function linksOf(client: Simulation['client']): { readonly up: ClientLink | null; readonly count: number } {
  if (client instanceof ClientSession) return { up: client.manager.links.up, count: client.manager.links.all.size };
  const { attached, link } = client;
  return { up: attached ? link : null, count: link ? 1 : 0 };
}

/** Checks the links of the server, and that it holds back messages only where it must. */
function checkServerLinks(session: ServerSession): Violation {
  const { down } = session.links;
  const { acked } = session.flow.outgoing;
  const withheld = !session.delivery.hasBegun || session.delivery.isSuspended || session.frozen;
  if (!withheld && session.delivery.held.length > 0) return 'server: messages held without reason';
  if (session.links.old.length > 4) return `server: ${session.links.old.length} old links`;
  if (down && session.links.old.includes(down)) return 'server: the link written to is an old one';
  if (!down || down.kind === 'poll' || session.done) return undefined;
  return down.out <= acked || down.out > acked + windowMessages + 1
    ? `server: out ${down.out}, acked ${acked}`
    : undefined;
}

/**
 * Checks a request body when the client sends it: it begins after the acknowledged messages (SN-5), and no other body is
 * in flight (SN-7).
 */
export function checkBody({ client, bodies }: Simulation, link: ClientLinkView, head: ClientRecord): Violation {
  const carries = head.t === 'body' || (head.t === 'attach' && (head.count ?? 0) > 0);
  if (!carries || !(client instanceof ClientSession)) return undefined;
  const { links } = client.manager;
  for (const body of bodies) {
    if (links.has(body as ClientLink) && (body as ClientLink).in === 0) return 'client: two bodies in flight';
    bodies.delete(body);
  }
  bodies.add(link);
  const first = head.first ?? 0;
  const { acked } = client.flow;
  return first <= acked ? `client: a body begins at ${first}, acked ${acked}` : undefined;
}

/** Checks, some time after the last fault, that all messages have arrived and nearly all are acknowledged. */
export function checkDrained(simulation: Simulation): Violation {
  const { client, server, application, rolledBack, network } = simulation;
  if (client.flow.done || server?.session.done || rolledBack || isDamaged(network) || isUnheard(simulation))
    return undefined;
  if (!server) return 'the session was never opened';
  const up = `${server.got.length} of ${application.sent.length} up`;
  const down = `${application.got.length} of ${server.sent.length} down`;
  if (server.got.length !== application.sent.length || application.got.length !== server.sent.length)
    return `not drained: ${up}, ${down}`;
  const { session } = server;
  const { acked, sent } = client.flow;
  const stuck = Math.max(sent - acked, session.flow.outgoing.sent - session.flow.outgoing.acked) > windowMessages / 4;
  if (stuck)
    return `acknowledgements stuck: up ${acked} of ${sent}, down ${session.flow.outgoing.acked} of ${session.flow.outgoing.sent}`;
  const unheard = [...simulation.resetsSent.keys()].filter((topic) => !simulation.resetsHeard.has(topic));
  return unheard.length > 0 ? `reset not received: ${unheard.join()}` : undefined;
}

/** Returns whether a frame was removed, or a stream of this session continued with that of another session. */
function isDamaged({ removed, crossed }: Simulation['network']): boolean {
  return removed + crossed > 0;
}

/**
 * Returns whether two nodes have the session after a failed hand-over, and the client cannot read the answers in which
 * one of them reports the end. Then it depends on chance whether bodies reach the right node.
 */
function isUnheard({ handOver, profile }: Simulation): boolean {
  return handOver.doubted && profile.blind;
}

/** Returns whether an end noticed the damage. Messages of another session may also exceed the window (code `hostile`). */
function isNoticed(network: Simulation['network'], codes: readonly string[]): boolean {
  const lost = codes.includes('lost') && isDamaged(network);
  return lost || (network.crossed > 0 && codes.includes('hostile'));
}

/** Checks that both ends have a verdict, and that it is true (SN-4). */
export function checkEnd(simulation: Simulation): Violation {
  const { clientVerdict: up, serverVerdict: down, server, network } = simulation;
  if (!up) return 'the client never ended';
  if (!server) return checkForgotten(simulation, up);
  if (!down) return 'the server never ended';
  const lost = up.code === 'lost' || down.code === 'lost';
  if (simulation.misdelivered || (simulation.rolledBack && lost)) return checkDamage(simulation, up, down);
  if (isNoticed(network, [up.code, down.code])) return undefined;
  // Both nodes had the session, so neither may continue as if nothing had happened (SN-24).
  if (simulation.handOver.doubted && lost) return checkDelivered(simulation, server);
  const known = ['closed', 'timeout'].includes(up.code) && ['closed', 'timeout', ...unheard(up)].includes(down.code);
  if (!known) return `ended with client ${up.code}, server ${down.code}`;
  return checkDelivered(simulation, server) ?? checkVerdicts(simulation, server, up, down);
}

/**
 * Checks the end if no server knows the session, because it never existed or was lost in a crash. The client learns this
 * from the answer to its next request (SN-4).
 */
function checkForgotten({ rolledBack, profile, closedAt, network }: Simulation, up: Verdict): Violation {
  if (up.clean) return 'clean, but no server knows of it';
  if (up.code === 'lost' && network.crossed > 0) return undefined;
  if (!rolledBack) return up.code === 'timeout' ? undefined : `never opened, and ended with ${up.code}`;
  const calm = !profile.closeEarly || closedAt > faultsEnd;
  return up.code === 'lost' || (!calm && up.code === 'timeout') ? undefined : `forgotten, and ended with ${up.code}`;
}

/** Returns the further possible codes of a server that never learned of its client's timeout (SN-4). */
function unheard(up: Verdict): readonly string[] {
  return up.code === 'timeout' ? ['expired'] : [];
}

/** Checks that a rollback or a damaged stream is noticed soon after the faults and never ends clean (SN-4, SN-5). */
function checkDamage(simulation: Simulation, up: Verdict, down: Verdict): Violation {
  const { damagedAt, noticedAt, profile, misdelivered } = simulation;
  const provenBefore = knowsOnlyEarlierServer(simulation) && !misdelivered;
  const codes = `client ${up.code}, server ${down.code}`;
  if ((up.clean && !provenBefore) || down.clean) return `damage was not noticed: ${codes}`;
  const lateMs = noticedAt - Math.max(damagedAt, faultsEnd);
  return lateMs > 3 * profile.heartbeatMs + 5000 ? `damage noticed after ${lateMs} ms: ${codes}` : undefined;
}

/**
 * Returns whether the server was restored from an older state, and the client received nothing from it afterwards. Such a
 * client reports what the earlier server has proven (seed 398262). It has received the earlier server's messages, each
 * of which was compared on arrival (seed 863381).
 */
function knowsOnlyEarlierServer({ rolledBack, heardRestored }: Simulation): boolean {
  return rolledBack && !heardRestored;
}

/** Checks that each side received the first messages that the other one sent, in the same order (SN-1). */
function checkDelivered(simulation: Simulation, server: ServerApplication): Violation {
  const { application } = simulation;
  const isPrefix = (received: readonly Message[], sent: readonly Message[]): boolean =>
    received.every((message, k) => isSame(message, sent[k]));
  const up = isPrefix(server.got, application.sent);
  const equal = up && (knowsOnlyEarlierServer(simulation) || isPrefix(application.got, server.sent));
  return equal ? undefined : 'delivered something else than was sent';
}

/** Checks that both verdicts agree with the delivered messages. */
function checkVerdicts(simulation: Simulation, server: ServerApplication, up: Verdict, down: Verdict): Violation {
  const { application, closedAt, profile } = simulation;
  const clean = up.clean || down.clean;
  const complete = server.got.length === application.sent.length && application.got.length === server.sent.length;
  const progress = `${server.got.length} of ${application.sent.length} up, ${application.got.length} of ${server.sent.length} down`;
  if (clean && !complete) return `clean, but ${progress}`;
  if (clean && server.queue.length + application.queue.length > 0) return 'clean, but not all was settled';
  const before = knowsOnlyEarlierServer(simulation);
  const isPlausible = (before || up.acknowledged <= server.got.length) && down.acknowledged <= application.got.length;
  if (!isPlausible || up.acknowledged + up.unknown !== up.sent) return 'acknowledged more than was delivered';
  const calm = closedAt > profile.quietFrom && closedAt > faultsEnd + 5000 && !isUnheard(simulation);
  return calm && !(up.clean && down.clean)
    ? `a close after the faults is not clean: client ${up.code}, server ${down.code}`
    : undefined;
}

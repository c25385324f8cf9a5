import type { ClientRecord, ServerSession } from '@everywire/protocol/internal';
import { bufferMessages, type Simulation, windowMessages } from './simulate.js';

/** What broke, `undefined` for nothing. */
export type Violation = string | undefined;

/** The counts one direction is judged by: its sender's and its receiver's. */
interface Sender {
  readonly acked: number;
  readonly written: number;
  readonly sent: number;
  readonly allowed: number;
}
interface Receiver {
  readonly settled: number;
  readonly received: number;
}

/** The invariants of `docs/spec/session.md`, after each step. */
export function checkStep(simulation: Simulation): Violation {
  const { client, server } = simulation;
  const session = server?.session;
  const own = checkSender('client', client) ?? checkReceiver('client', client) ?? checkClientLinks(simulation);
  if (own || !session) return own;
  const other = checkSender('server', session) ?? checkReceiver('server', session) ?? checkServerLinks(session);
  if (other || simulation.rolledBack || simulation.network.removed > 0) return other;
  return checkDirection('up', client, session) ?? checkDirection('down', session, client);
}

function checkSender(who: string, { acked, written, sent, allowed }: Sender): Violation {
  if (acked > written || written > allowed || allowed > sent)
    return `${who}: acked ${acked} <= written ${written} <= allowed ${allowed} <= sent ${sent}`;
  if (written - acked > windowMessages) return `${who}: ${written - acked} messages written beyond acked`;
  if (sent - acked > bufferMessages) return `${who}: ${sent - acked} messages buffered`;
  return undefined;
}

function checkReceiver(who: string, { settled, received }: Receiver): Violation {
  return received - settled > windowMessages || received < settled
    ? `${who}: received ${received}, settled ${settled}`
    : undefined;
}

function checkDirection(name: string, sender: Sender, receiver: Receiver): Violation {
  const { acked, written } = sender;
  const { settled, received } = receiver;
  return acked <= settled && received <= written
    ? undefined
    : `${name}: acked ${acked} <= settled ${settled} <= received ${received} <= written ${written}`;
}

function checkClientLinks({ client, network }: Simulation): Violation {
  const { up } = client;
  if (up && !client.done && (up.out <= client.acked || up.out > client.acked + windowMessages + 1))
    return `client: out ${up.out}, acked ${client.acked}`;
  if (client.links.size > 12) return `client: ${client.links.size} links`;
  let bodies = 0;
  for (const link of client.links) if (link.kind === 'post' && !link.opens) bodies += 1;
  if (bodies > 1 || (bodies === 1 && client.body?.kind !== 'post' && !client.done))
    return `client: ${bodies} bodies in flight beside ${client.body?.kind}`;
  return network.bodiesInFlight > 4 ? `client: ${network.bodiesInFlight} requests in flight` : undefined;
}

function checkServerLinks(session: ServerSession): Violation {
  const { down, acked } = session;
  if (session.confirmed && session.held.length > 0) return 'server: early messages held after confirmation';
  if (session.old.length > 4) return `server: ${session.old.length} old links`;
  if (down && session.old.includes(down)) return 'server: the link written to is an old one';
  if (!down || down.kind === 'poll' || session.done) return undefined;
  return down.out <= acked || down.out > acked + windowMessages + 1
    ? `server: out ${down.out}, acked ${acked}`
    : undefined;
}

/** A body begins beyond what was acknowledged (SN-5). */
export function checkBodyHead({ client }: Simulation, head: ClientRecord): Violation {
  const first = head.t === 'body' || head.t === 'attach' ? head.first : undefined;
  return first !== undefined && first <= client.acked
    ? `client: a body begins at ${first}, acked ${client.acked}`
    : undefined;
}

/** Some time after the faults everything has arrived, and nearly all is acknowledged. */
export function checkDrained(simulation: Simulation): Violation {
  const { client, server, application, rolledBack, network } = simulation;
  if (client.done || server?.session.done || rolledBack || network.removed > 0) return undefined;
  if (!server) return 'the session was never opened';
  const up = `${server.got.length} of ${application.sent.length} up`;
  const down = `${application.got.length} of ${server.sent.length} down`;
  if (server.got.length !== application.sent.length || application.got.length !== server.sent.length)
    return `not drained: ${up}, ${down}`;
  const { session } = server;
  const stuck = Math.max(client.sent - client.acked, session.sent - session.acked) > windowMessages / 4;
  if (stuck)
    return `acknowledgements stuck: up ${client.acked} of ${client.sent}, down ${session.acked} of ${session.sent}`;
  const unheard = [...simulation.resetsTold.keys()].filter((topic) => !simulation.resetsHeard.has(topic));
  return unheard.length > 0 ? `reset not told: ${unheard.join()}` : undefined;
}

/** Both ends have a verdict, and it is true (SN-4). */
export function checkEnd(simulation: Simulation): Violation {
  const { clientVerdict: up, serverVerdict: down, server, application } = simulation;
  if (!up) return 'the client never ended';
  if (!server) return undefined;
  if (!down) return 'the server never ended';
  const codes = `client ${up.code}, server ${down.code}`;
  const lost = up.code === 'lost' || down.code === 'lost';
  if (simulation.network.removed > 0) {
    if (simulation.misdelivered && !lost) return `a removed frame was not noticed: ${codes}`;
    if (lost) return undefined;
  }
  if (simulation.rolledBack && lost) return up.clean || down.clean ? `rolled back, and clean: ${codes}` : undefined;
  for (const code of [up.code, down.code]) if (!['closed', 'timeout'].includes(code)) return `ended with ${codes}`;
  const complete = server.got.length === application.sent.length && application.got.length === server.sent.length;
  const equal =
    server.got.every((message, k) => message === application.sent[k]) &&
    application.got.every((message, k) => message === server.sent[k]);
  if (!equal) return 'delivered something else than was sent';
  if ((up.clean || down.clean) && !complete)
    return `clean, but ${server.got.length} of ${application.sent.length} up, ${application.got.length} of ${server.sent.length} down`;
  if (up.acknowledged > server.got.length || down.acknowledged > application.got.length)
    return 'acknowledged more than was delivered';
  if ((up.clean || down.clean) && server.queue.length + application.queue.length > 0)
    return 'clean, but not all was settled';
  const calm = simulation.closedAt > simulation.profile.quietFrom && simulation.closedAt > 17_000;
  return calm && !(up.clean && down.clean) ? `a close after the faults is not clean: ${codes}` : undefined;
}

import { createServer } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { createWireServer, type JsonValue, saveSessions, takeSessions, type WireSession } from '@everywire/server';
import { type Command, type Counts, forAll, type Report, type StartOptions } from './messages.js';

/*
 * A server process whose application sends numbers to each session and receives numbers from it. It takes over the sessions
 * of the previous process, and hands its own over at SIGTERM.
 */

/** Limit of clients for one address, which the test does not reach. */
const fromOneAddress = 10_000;
const limits = {
  tickMs: 10,
  shortPollMs: 400,
  connectionsPerAddressMax: fromOneAddress,
  tcpPerAddressMax: fromOneAddress,
  unconfirmedPerAddressMax: fromOneAddress,
  silentPerAddressMax: fromOneAddress,
};

const { port, tcpPort, path, everyMs } = JSON.parse(process.argv[2] as string) as StartOptions;
const faults: string[] = [];
/** The application's state of each session. */
const counted = new Map<WireSession, Counts>();
const http = createServer();
const tcp = createNetServer();

const wire = createWireServer({
  limits,
  authenticate: ({ token = '' }) => ({ subject: token }),
  onSession: (session) => {
    session.join('all');
    take(session, { of: session.claims.subject, sent: 0, came: 0 });
  },
  onFreeze: (session) => give(session) as unknown as JsonValue,
  onRestore: (session, counts) => take(session, counts as unknown as Counts),
  onNotice: ({ code, text }) => void faults.push(`${code}: ${text}`),
});

/** Returns the state of a session that is handed over. */
function give(session: WireSession): Counts | undefined {
  const counts = counted.get(session);
  counted.delete(session);
  return counts;
}

/** Handles a new session, or one that was handed over with this state. */
function take(session: WireSession, counts: Counts): void {
  counted.set(session, counts);
  session.onMessage = async (data) => {
    // Some messages take longer to process, even while the process is about to end.
    if (Number(data) % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    const { of, sent, came } = counted.get(session) as Counts;
    if (Number(data) !== came + 1) faults.push(`${of}: ${String(data)} came after ${came}`);
    counted.set(session, { of, sent, came: Number(data) });
  };
  session.onRequest = async (data) => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return `${String(data)} answered`;
  };
  session.onClose = ({ code }) => void faults.push(`${counts.of}: ended with ${code}`);
}

/** Sends the next number to each session. */
function say(): void {
  for (const [session, { of, sent, came }] of counted) {
    session.send(`${sent + 1}`);
    counted.set(session, { of, sent: sent + 1, came });
  }
}

function report(report: Report): Promise<void> {
  return new Promise((resolve) => process.send?.(report, () => resolve()));
}

const reportAll = (): Promise<void> => report({ kind: 'report', counts: [...counted.values()], faults });

const taken = takeSessions(path);
if (taken !== null && 'fault' in taken) throw new Error(`Nothing was taken: ${taken.fault}`);
const restored = taken === null ? 0 : wire.restore(taken.sessions, taken);
wire.attach(http);
wire.attachTcp(tcp);
await new Promise<void>((done) => http.listen(port, '127.0.0.1', done));
await new Promise<void>((done) => tcp.listen(tcpPort, '127.0.0.1', done));
const talking = setInterval(say, everyMs);

process.on('message', (command: Command) => {
  if (command === 'publish') wire.publish('all', forAll);
  else if (command === 'be quiet') clearInterval(talking);
  else void reportAll();
});
process.on('SIGTERM', async () => {
  saveSessions(path, await wire.freeze());
  await wire.close({ deadlineMs: 0 });
  await reportAll();
  process.exit();
});
const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
await report({ kind: 'ready', port: portOf(http), tcpPort: portOf(tcp), restored });

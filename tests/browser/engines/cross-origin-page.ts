import { createWireClient, type TransportName, type WireClient } from '@everywire/client';

/** What the page is asked to try, as data, because it travels into the browser. */
export interface CrossOriginTask {
  /** The path prefix of the server, of another origin. */
  readonly url: string;
  readonly transports: readonly TransportName[];
  /** What the application's own `fetch` adds to each request. */
  readonly fetch?: RequestInit;
}

/** By transport: `echo`, or the reason of the first try that failed. */
export type CrossOriginOutcome = Readonly<Record<string, string>>;

async function tryAll(task: CrossOriginTask): Promise<CrossOriginOutcome> {
  const outcome: Record<string, string> = {};
  for (const transport of task.transports) outcome[transport] = await tryOne(transport, task);
  return outcome;
}

function tryOne(transport: TransportName, { url, fetch: init }: CrossOriginTask): Promise<string> {
  const own: typeof fetch | undefined = init && ((to, how) => fetch(to, { ...how, ...init }));
  const client = createWireClient(url, { transports: [transport], storage: null, ...(own && { fetch: own }) });
  return new Promise<string>((done) => {
    client.onmessage = ({ data }) => done(data === 'hello' ? 'echo' : `heard ${data}`);
    client.onclose = ({ reason }) => done(`closed ${reason}`);
    client.addEventListener('statuschange', () => {
      const { status } = client;
      // A try that a slow machine lets time out is followed by another.
      const failed = 'attempts' in status && status.attempts.find(({ reason }) => reason !== 'timeout');
      if (failed) done(failed.reason);
    });
    client.send('hello');
  }).finally(() => closed(client));
}

/** Waits for the end: a page that is left before it sends a beacon, which the browser puts its cookies to. */
async function closed(client: WireClient): Promise<void> {
  const end = client.readyState === client.OPEN && new Promise((done) => client.addEventListener('close', done));
  client.close();
  await end;
}

declare global {
  interface Window {
    tryAll(task: CrossOriginTask): Promise<CrossOriginOutcome>;
  }
}
window.tryAll = tryAll;

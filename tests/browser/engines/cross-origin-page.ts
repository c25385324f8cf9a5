import { createWireClient, type TransportName, type WireClient } from '@everywire/client';

/** What the page must try, as data, because it is passed into the browser. */
export interface CrossOriginTask {
  /** The path prefix of the server, of another origin. */
  readonly url: string;
  readonly transports: readonly TransportName[];
  /** What the application's own `fetch` adds to each request. */
  readonly fetch?: RequestInit;
}

/** By transport: `echo`, or the reason of the first failed attempt. */
export type CrossOriginOutcome = Readonly<Record<string, string>>;

/** Tries each transport of the task. */
async function tryAll(task: CrossOriginTask): Promise<CrossOriginOutcome> {
  const outcome: Record<string, string> = {};
  for (const transport of task.transports) outcome[transport] = await tryOne(transport, task);
  return outcome;
}

/** Sends a message by one transport. Returns `echo`, or the reason of the failure. */
function tryOne(transport: TransportName, { url, fetch: init }: CrossOriginTask): Promise<string> {
  const own: typeof fetch | undefined = init && ((to, how) => fetch(to, { ...how, ...init }));
  const client = createWireClient(url, { transports: [transport], storage: null, ...(own && { fetch: own }) });
  return new Promise<string>((done) => {
    client.onmessage = ({ data }) => done(data === 'hello' ? 'echo' : `received ${data}`);
    client.onclose = ({ reason }) => done(`closed ${reason}`);
    client.addEventListener('statuschange', () => {
      const { status } = client;
      // An attempt that times out on a slow machine is followed by another.
      const failed = 'attempts' in status && status.attempts.find(({ reason }) => reason !== 'timeout');
      if (failed) done(failed.reason);
    });
    client.send('hello');
  }).finally(() => closed(client));
}

/** Closes the client and waits for it. Otherwise the client would send a beacon, to which the browser adds cookies. */
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

import { createWireClient, type TransportName, type WireClient } from '@everywire/client';
import type { Verdict } from '@everywire/protocol';
import { contentOf, type Faultless, judge, MESSAGES_EACH_WAY, UNDER_WAY } from '../../transports/numbered-content.js';

/** What the page must do, as data, because it is passed into the browser. */
export interface PageTask {
  /** The transports it may use. */
  readonly transports: readonly TransportName[];
  readonly token: string;
  /** Sends nothing for a while after this many messages; the server only answers, so both are silent then. */
  readonly pause?: { readonly afterMessages: number; readonly ms: number };
  /** Leaves the session open after the last message. */
  readonly stays?: boolean;
  /** Forces this transport until it is in use, and lets the client choose from then on. */
  readonly first?: TransportName;
  /** Forces another transport after this many messages. */
  readonly switchTo?: { readonly transport: TransportName; readonly afterMessages: number };
  /** Forces a third one, this many messages after the second was in use. */
  readonly thenTo?: { readonly transport: TransportName; readonly afterMessages: number };
  /** The server's prefix, if it is of another origin. */
  readonly url?: string;
}

/** What the page observed. */
export interface PageOutcome {
  readonly down: Faultless;
  readonly transports: readonly TransportName[];
  /** Failed attempts: transport and reason. */
  readonly failures: readonly string[];
  readonly verdict: Verdict | null;
}

/** Runs the client's end of one conversation in a browser: 200 numbered messages each way, then a clean close. */
function talk(task: PageTask): Promise<PageOutcome> {
  const client: WireClient = createWireClient(task.url ?? '/everywire', {
    transports: task.transports,
    token: () => task.token,
    shortPollMs: 80,
  });
  const down: (string | Uint8Array)[] = [];
  const transports: TransportName[] = [];
  let sent = 0;
  let failures: readonly string[] = [];
  /** Number of messages that are due but wait for the end of a pause or for the next transport. */
  let owed = 0;
  /** Number of messages that arrived by the second transport. */
  let since = 0;
  let paused = false;
  let finish: () => void = () => undefined;
  const outcome = new Promise<PageOutcome>((done) => {
    finish = () => {
      const { status } = client;
      done({
        down: judge(down),
        transports,
        failures,
        verdict: status.state === 'closed' ? status.verdict : null,
      });
    };
  });
  client.onclose = finish;
  /** Each transport carries its share, however long a switch takes. */
  const share = Math.ceil(MESSAGES_EACH_WAY / (1 + Number(Boolean(task.switchTo)) + Number(Boolean(task.thenTo))));
  const sentMax = (): number => Math.min(Math.max(transports.length, 1) * share, MESSAGES_EACH_WAY);
  const sendNext = (): void => {
    if (paused || sent >= sentMax()) owed++;
    else client.send(contentOf(++sent) as string);
  };
  const sendOwed = (): void => {
    const count = owed;
    owed = 0;
    for (let index = 0; index < count; index++) sendNext();
  };
  const resume = (): void => {
    paused = false;
    sendOwed();
  };
  client.binaryType = 'arraybuffer';
  client.onmessage = ({ data }) => {
    down.push(typeof data === 'string' ? data : new Uint8Array(data));
    if (down.length === task.pause?.afterMessages) {
      paused = true;
      setTimeout(resume, task.pause.ms);
    }
    if (down.length === task.switchTo?.afterMessages) client.use(task.switchTo.transport);
    if (task.thenTo && client.transport === task.switchTo?.transport && ++since === task.thenTo.afterMessages)
      client.use(task.thenTo.transport);
    sendNext();
    if (down.length === MESSAGES_EACH_WAY && task.stays) finish();
    else if (down.length === MESSAGES_EACH_WAY) client.close();
  };
  client.addEventListener('statuschange', () => {
    const { transport, status } = client;
    if ('attempts' in status) failures = status.attempts.map((attempt) => `${attempt.transport} ${attempt.reason}`);
    if (!transport || transports.at(-1) === transport) return;
    transports.push(transport);
    if (task.first && transports.length === 1) client.use(null);
    sendOwed();
  });
  if (task.first) client.use(task.first);
  for (let ahead = 0; ahead < UNDER_WAY; ahead++) sendNext();
  return outcome;
}

declare global {
  interface Window {
    talk(task: PageTask): Promise<PageOutcome>;
  }
}
window.talk = talk;

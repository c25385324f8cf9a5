import { createWireClient, type TransportName, type WireClient } from '@everywire/client';
import type { Verdict } from '@everywire/protocol';
import { contentOf, type Faultless, judge, MESSAGES_EACH_WAY, UNDER_WAY } from '../../transports/numbered-content.js';

/** What the page is asked to do, as data, because it travels into the browser. */
export interface PageTask {
  readonly transport: TransportName;
  readonly token: string;
  /** Forces another transport when so many messages have come. */
  readonly switchTo?: { readonly transport: TransportName; readonly afterMessages: number };
}

/** What the page saw. */
export interface PageOutcome {
  readonly down: Faultless;
  readonly transports: readonly TransportName[];
  readonly verdict: Verdict | null;
}

/** The client end of one conversation in a browser: 200 numbered messages each way, then a clean close. */
function talk(task: PageTask): Promise<PageOutcome> {
  const client: WireClient = createWireClient('/everywire', { transports: [task.transport], token: () => task.token });
  const down: (string | Uint8Array)[] = [];
  const transports: TransportName[] = [];
  let sent = 0;
  const sendNext = (): void => {
    if (sent < MESSAGES_EACH_WAY) client.send(contentOf(++sent) as string);
  };
  client.binaryType = 'arraybuffer';
  client.onmessage = ({ data }) => {
    down.push(typeof data === 'string' ? data : new Uint8Array(data));
    if (down.length === task.switchTo?.afterMessages) client.use(task.switchTo.transport);
    sendNext();
    if (down.length === MESSAGES_EACH_WAY) client.close();
  };
  client.addEventListener('statuschange', () => {
    const { transport } = client;
    if (transport && transports.at(-1) !== transport) transports.push(transport);
  });
  for (let ahead = 0; ahead < UNDER_WAY; ahead++) sendNext();
  return new Promise((done) => {
    client.onclose = () => {
      const { status } = client;
      done({ down: judge(down), transports, verdict: status.state === 'closed' ? status.verdict : null });
    };
  });
}

declare global {
  interface Window {
    talk(task: PageTask): Promise<PageOutcome>;
  }
}
window.talk = talk;

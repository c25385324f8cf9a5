import { createWireClient, type TransportName, type WireClient } from '@everywire/client';
import { contentOf, judge, MESSAGES_EACH_WAY, UNDER_WAY } from '../transports/numbered-content.js';

/*
 * Runs the client end of one conversation in a separate process, because Node reads additional certificate authorities
 * only from its environment at the start: `node-talk URL TRANSPORT [TCP]`. Prints the outcome as one line of JSON.
 */
const [url = '', transport = '', tcp] = process.argv.slice(2);
const client: WireClient = createWireClient(url, {
  transports: [transport as TransportName],
  ...(tcp ? { tcp } : {}),
});
const down: (string | Uint8Array)[] = [];
const transports: TransportName[] = [];
let sent = 0;
const sendNext = (): void => {
  if (sent < MESSAGES_EACH_WAY) client.send(contentOf(++sent) as string);
};
client.binaryType = 'arraybuffer';
client.onmessage = ({ data }) => {
  down.push(typeof data === 'string' ? data : new Uint8Array(data));
  sendNext();
  if (down.length === MESSAGES_EACH_WAY) client.close();
};
client.addEventListener('statuschange', () => {
  if (client.transport && transports.at(-1) !== client.transport) transports.push(client.transport);
});
client.onclose = () => {
  const { status } = client;
  console.log(JSON.stringify({ down: judge(down), transports, verdict: status.state === 'closed' && status.verdict }));
};
for (let ahead = 0; ahead < UNDER_WAY; ahead++) sendNext();

import type { TransportName } from '@everywire/client';
import { createFlashWireClient } from '@everywire/client/flash-socket';
import type { Verdict } from '@everywire/protocol';
import { contentOf, type Faultless, judge, MESSAGES_EACH_WAY, UNDER_WAY } from '../../transports/numbered-content.js';

/** What the page must do, as data, because it is passed into the browser. */
export interface FlashTask {
  readonly port: number;
  readonly transports: readonly TransportName[];
  /** Transports that are forced one after another, each when some messages have arrived by the previous one. */
  readonly switches: readonly TransportName[];
}

/** What the page observed. */
export interface FlashOutcome {
  readonly down: Faultless;
  readonly transports: readonly TransportName[];
  readonly verdict: Verdict | null;
}

/**
 * Runs the client's end of one conversation in a page with a Flash player: 200 numbered messages each way, then a clean
 * close.
 */
function flashTalk({ port, transports, switches }: FlashTask): Promise<FlashOutcome> {
  const flash = { movie: '/bridge.swf', host: '127.0.0.1', port };
  const client = createFlashWireClient('/everywire', flash, { transports });
  const down: (string | Uint8Array)[] = [];
  const used: TransportName[] = [];
  const wanted = [...switches];
  let switchAt = 30;
  let sent = 0;
  /** Each transport carries its share, however long a switch takes; messages held in the meantime are sent later. */
  const share = Math.ceil(MESSAGES_EACH_WAY / (1 + switches.length));
  /** Number of messages that are due but wait for the next transport. */
  let owed = 0;
  const sendNext = (): void => {
    if (sent >= MESSAGES_EACH_WAY) return;
    if (sent >= Math.max(used.length, 1) * share) owed += 1;
    else client.send(contentOf(++sent) as string);
  };
  client.binaryType = 'arraybuffer';
  client.onmessage = ({ data }) => {
    down.push(typeof data === 'string' ? data : new Uint8Array(data));
    if (down.length === switchAt && wanted.length > 0) client.use(wanted.shift() as TransportName);
    sendNext();
    if (down.length === MESSAGES_EACH_WAY) client.close();
  };
  client.addEventListener('statuschange', () => {
    const { transport } = client;
    if (!transport || used.at(-1) === transport) return;
    used.push(transport);
    if (used.length > 1) switchAt = down.length + 5;
    const count = owed;
    owed = 0;
    for (let one = 0; one < count; one++) sendNext();
  });
  for (let ahead = 0; ahead < UNDER_WAY; ahead++) sendNext();
  return new Promise((done) => {
    client.onclose = () => {
      const { status } = client;
      done({ down: judge(down), transports: used, verdict: status.state === 'closed' ? status.verdict : null });
    };
  });
}

declare global {
  interface Window {
    flashTalk(task: FlashTask): Promise<FlashOutcome>;
  }
}
window.flashTalk = flashTalk;

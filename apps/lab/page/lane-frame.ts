import type { TransportName, WireClient } from '@everywire/client';
import { createRecordedWireClient, type RecordedWireClient } from '@everywire/client/recorder';
import { MESSAGE_MARK } from '../src/reports.js';
import type { LaneNews, LaneOrder } from './messages.js';

/*
 * The client of one lane, in a hidden frame of the lab. Each lane has an origin of its own, because a browser opens at most six
 * connections per origin, and because its requests are then same-origin. The frame takes orders from the lab and reports news.
 */

const labOrigin = `${location.protocol}//${location.hostname}:${document.querySelector<HTMLMetaElement>('[name=lab-port]')?.content}`;
const report = (news: LaneNews): void => parent.postMessage(news, labOrigin);

let client: WireClient | null = null;
/** The recording of the latest session, also after its end. */
let recorded: RecordedWireClient | null = null;
/** Identifies the latest session at the server. */
let subject = '';
let startedAt = 0;
let sent = 0;
let timer: ReturnType<typeof setInterval> | undefined;
/** The time of each message that was sent and not echoed, by its number. */
const sentAt = new Map<number, number>();

addEventListener('message', ({ origin, data }: MessageEvent<LaneOrder>) => {
  if (origin !== labOrigin) return;
  if (data.act === 'start') start(data.transport as TransportName | null);
  else if (data.act === 'stop') stop();
  else if (data.act === 'report') reportRecording();
  else send(data.count, data.bytes, data.everyMs);
});

function start(transport: TransportName | null): void {
  stop();
  startedAt = performance.now();
  subject = `lane-${Math.random().toString(36).slice(2)}`;
  const token = subject;
  recorded = createRecordedWireClient('/everywire', {
    storage: null,
    token: async () => token,
    ...(transport && { transports: [transport] }),
  });
  const own = recorded.client;
  client = own;
  const reportStatus = (): void =>
    report({
      kind: 'state',
      at: performance.now() - startedAt,
      readyState: own.readyState,
      state: own.status.state,
      reason: 'reason' in own.status ? String(own.status.reason) : null,
      transport: own.transport,
    });
  own.onstatuschange = reportStatus;
  own.onopen = reportStatus;
  own.onmessage = ({ data }) => take(String(data));
  own.onclose = (event) => {
    reportStatus();
    report({ kind: 'closed', at: performance.now() - startedAt, code: String(event.reason || event.code) });
  };
  reportStatus();
}

/** Reports the round trip of an echoed message. */
function take(text: string): void {
  const no = Number(text.slice(MESSAGE_MARK.length).split(' ', 1)[0]);
  const from = sentAt.get(no);
  // A message of a previous session.
  if (from === undefined) return;
  sentAt.delete(no);
  const now = performance.now();
  report({ kind: 'echo', at: now - startedAt, ms: now - from, bytes: text.length });
}

function send(count: number, bytes: number, everyMs: number): void {
  clearInterval(timer);
  let left = count;
  const one = (): void => {
    if (!client || left === 0) {
      clearInterval(timer);
      return;
    }
    left -= 1;
    sent += 1;
    sentAt.set(sent, performance.now());
    const text = `${MESSAGE_MARK}${sent} `.padEnd(bytes, 'x');
    client.send(text);
    report({ kind: 'sent', count: 1, bytes: text.length });
  };
  if (everyMs === 0) for (let done = 0; done < count; done += 1) one();
  else {
    one();
    timer = setInterval(one, everyMs);
  }
}

function reportRecording(): void {
  if (recorded) report({ kind: 'recording', subject, recording: recorded.recording });
}

function stop(): void {
  clearInterval(timer);
  client?.close();
  client = null;
  sentAt.clear();
}

report({ kind: 'ready' });

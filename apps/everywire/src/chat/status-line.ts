import type { ChatSnapshot } from '@everywire/chat-client';
import { fit, plain, widthOf } from './cells.js';
import { accent, alarm, bold } from './screen.js';
import type { TerminalWords } from './words.js';

/** Returns one line of exactly `width` cells with the user, the server and the state of the connection. */
export function statusLine(
  snapshot: ChatSnapshot,
  place: string,
  words: TerminalWords,
  width: number,
  now: number,
): string {
  const { connection, me } = snapshot;
  const wire = ` ${wireText(connection, words, now)} `;
  const left = fit(` ${plain(me.displayName)} · ${plain(place)}`, Math.max(0, width - widthOf(wire)));
  const style = connection.state === 'open' ? accent : alarm;
  return `${bold(left)}${style(fit(wire, Math.min(width, widthOf(wire))))}`;
}

function wireText(connection: ChatSnapshot['connection'], words: TerminalWords, now: number): string {
  switch (connection.state) {
    case 'open': {
      const { transport, roundTripMs } = connection;
      return `● ${transport}${roundTripMs === null ? '' : ` ${Math.max(1, Math.round(roundTripMs))} ms`}`;
    }
    case 'connecting':
      return `○ ${words.connecting}`;
    case 'reconnecting':
      return `○ ${words.reconnecting}`;
    case 'waiting':
      return `○ ${words.waiting(Math.max(0, Math.ceil((connection.retryAt - now) / 1_000)))}`;
    case 'blocked':
      return `○ ${words.blocked}`;
    case 'closing':
    case 'closed':
      return `○ ${words.closed}`;
  }
}

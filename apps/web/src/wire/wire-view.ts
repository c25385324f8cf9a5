import type { Status, TransportName } from '@everywire/client';

/** How the wire is drawn, and what it has to say. */
export type WireView =
  | {
      readonly line: 'fine' | 'stream' | 'poll';
      readonly transport: TransportName | null;
      readonly roundTripMs: number | null;
    }
  | { readonly line: 'slow'; readonly transport: TransportName; readonly roundTripMs: number }
  | { readonly line: 'again'; readonly first: boolean }
  | { readonly line: 'cut'; readonly retryInSeconds: number | null };

/** A loss shorter than this is not worth a word (item 25: no words on blips). */
const graceMs = 2_000;
/** Polling that delivers within this feels like any other transport, and says nothing. */
const slowRoundTripMs = 300;
/** A wait shorter than this is part of connecting again. */
const shortWaitMs = 1_500;

/** What the wire shows for a status; `null` within the grace: it stays as it was. `connectingSince` is when this page began to connect. */
export function wireView(status: Status, now: number, connectingSince: number): WireView | null {
  switch (status.state) {
    case 'open':
      return openView(status.transport, status.roundTripMs);
    case 'connecting':
      return now - connectingSince < graceMs ? null : { line: 'again', first: true };
    case 'reconnecting':
      return now - status.since < graceMs ? null : { line: 'again', first: false };
    case 'waiting': {
      if (now - status.since < graceMs) return null;
      if (status.retryAt - status.since < shortWaitMs) return { line: 'again', first: false };
      return { line: 'cut', retryInSeconds: Math.max(0, Math.ceil((status.retryAt - now) / 1_000)) };
    }
    case 'closing':
      return null;
    case 'closed':
      return { line: 'cut', retryInSeconds: null };
  }
}

function openView(transport: TransportName, roundTripMs: number | null): WireView {
  switch (transport) {
    case 'websocket':
      return { line: 'fine', transport, roundTripMs };
    case 'event-stream':
    case 'fetch-stream':
      return { line: 'stream', transport, roundTripMs };
    case 'long-poll':
      if (roundTripMs === null || roundTripMs <= slowRoundTripMs) return { line: 'poll', transport, roundTripMs };
      return { line: 'slow', transport, roundTripMs };
  }
}

/** "About a second" is never less than one. */
export function slowSeconds(roundTripMs: number): number {
  return Math.max(1, Math.round(roundTripMs / 1_000));
}

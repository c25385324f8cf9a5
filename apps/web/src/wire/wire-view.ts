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
  | { readonly line: 'blocked' }
  | { readonly line: 'cut'; readonly retry: CutRetry };

/** A countdown where the next try is a while away, else tries without a pause, else none at all: the session has ended. */
type CutRetry = { readonly inSeconds: number } | 'always' | 'never';

/** What the page knows beside the status. Times in milliseconds since the epoch. */
interface Surroundings {
  readonly now: number;
  /** When this page began to connect. */
  readonly connectingSince: number;
  /** False where the device itself says that it has no network. */
  readonly online: boolean;
}

/** A loss shorter than this is not worth a word (item 25: no words on blips). */
const graceMs = 2_000;
/** Trying for longer than this is being offline, whatever the pause between two tries. */
const offlineMs = 10_000;
/** Polling that delivers within this feels like any other transport, and says nothing. */
const slowRoundTripMs = 300;

/** What the wire shows for a status; `null` within the grace: it stays as it was. */
export function wireView(status: Status, around: Surroundings): WireView | null {
  switch (status.state) {
    case 'open':
      return openView(status.transport, status.roundTripMs);
    case 'connecting':
      return lostView(around.now - around.connectingSince, around.online, true);
    case 'reconnecting':
      return lostView(around.now - status.since, around.online, false);
    case 'blocked':
      return { line: 'blocked' };
    case 'waiting':
      if (around.now - status.since < graceMs) return null;
      return { line: 'cut', retry: { inSeconds: Math.max(0, Math.ceil((status.retryAt - around.now) / 1_000)) } };
    case 'closing':
      return null;
    case 'closed':
      return { line: 'cut', retry: 'never' };
  }
}

/** Whether what is written goes out now. */
export function isConnected(view: WireView): view is Extract<WireView, { readonly transport: unknown }> {
  return 'transport' in view;
}

function lostView(lostMs: number, online: boolean, first: boolean): WireView | null {
  if (lostMs < graceMs) return null;
  return online && lostMs < offlineMs ? { line: 'again', first } : { line: 'cut', retry: 'always' };
}

function openView(transport: TransportName, roundTripMs: number | null): WireView {
  if (transport.endsWith('-stream')) return { line: 'stream', transport, roundTripMs };
  if (!transport.endsWith('-poll')) return { line: 'fine', transport, roundTripMs };
  if (roundTripMs === null || roundTripMs <= slowRoundTripMs) return { line: 'poll', transport, roundTripMs };
  return { line: 'slow', transport, roundTripMs };
}

/** "About a second" is never less than one. */
export function slowSeconds(roundTripMs: number): number {
  return Math.max(1, Math.round(roundTripMs / 1_000));
}

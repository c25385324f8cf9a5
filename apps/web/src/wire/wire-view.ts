import type { Status, TransportName } from '@everywire/client';

/** The connection state as it is drawn and worded. */
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

/** A countdown to the next attempt, continuous attempts, or none because the session has ended. */
type CutRetry = { readonly inSeconds: number } | 'always' | 'never';

/** What the state depends on besides the status. Times are in milliseconds since the epoch. */
interface Surroundings {
  readonly now: number;
  /** When this page started to connect. */
  readonly connectingSince: number;
  /** False if the device reports that it has no network. */
  readonly online: boolean;
}

/** A shorter loss is not shown (item 25: no text for brief interruptions). */
const GRACE_MS = 2_000;
/** Attempts for longer than this are shown as offline. */
const OFFLINE_MS = 10_000;
/** Polling with a round trip up to this is not shown as slow. */
const SLOW_ROUND_TRIP_MS = 300;

/** Returns the view of a status, or `null` during the grace period, in which the previous view stays. */
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
      if (around.now - status.since < GRACE_MS) return null;
      return { line: 'cut', retry: { inSeconds: Math.max(0, Math.ceil((status.retryAt - around.now) / 1_000)) } };
    case 'closing':
      return null;
    case 'closed':
      return { line: 'cut', retry: 'never' };
  }
}

/** Returns whether messages are sent immediately. */
export function isConnected(view: WireView): view is Extract<WireView, { readonly transport: unknown }> {
  return 'transport' in view;
}

function lostView(lostMs: number, online: boolean, first: boolean): WireView | null {
  if (lostMs < GRACE_MS) return null;
  return online && lostMs < OFFLINE_MS ? { line: 'again', first } : { line: 'cut', retry: 'always' };
}

function openView(transport: TransportName, roundTripMs: number | null): WireView {
  if (transport.endsWith('-stream')) return { line: 'stream', transport, roundTripMs };
  if (!transport.endsWith('-poll')) return { line: 'fine', transport, roundTripMs };
  if (roundTripMs === null || roundTripMs <= SLOW_ROUND_TRIP_MS) return { line: 'poll', transport, roundTripMs };
  return { line: 'slow', transport, roundTripMs };
}

/** Returns the round trip in whole seconds, at least 1. */
export function roundTripSeconds(roundTripMs: number): number {
  return Math.max(1, Math.round(roundTripMs / 1_000));
}

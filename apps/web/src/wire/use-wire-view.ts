import type { Status } from '@everywire/client';
import { useRef, useState } from 'react';
import { useNow } from '../i18n/use-now.js';
import { type WireView, wireView } from './wire-view.js';

const calm: WireView = { line: 'fine', transport: null, roundTripMs: null };

/** Returns the connection state as drawn now. Updates during a countdown, and keeps the previous state during the grace period. */
export function useWireView(status: Status): WireView {
  const moving = status.state === 'connecting' || status.state === 'reconnecting' || status.state === 'waiting';
  const now = useNow(moving ? 500 : null);
  const [connectingSince] = useState(Date.now);
  const kept = useRef(calm);
  const view = wireView(status, { now, connectingSince, online: navigator.onLine }) ?? kept.current;
  kept.current = view;
  return view;
}

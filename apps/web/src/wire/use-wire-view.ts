import type { Status } from '@everywire/client';
import { useRef, useState } from 'react';
import { useNow } from '../i18n/use-now.js';
import { type WireView, wireView } from './wire-view.js';

const calm: WireView = { line: 'fine', transport: null, roundTripMs: null };

/** The wire as it is drawn now: counts down while there is something to count, keeps its drawing through the grace. */
export function useWireView(status: Status): WireView {
  const moving = status.state === 'connecting' || status.state === 'reconnecting' || status.state === 'waiting';
  const now = useNow(moving ? 500 : null);
  const [connectingSince] = useState(Date.now);
  const kept = useRef(calm);
  const view = wireView(status, { now, connectingSince, online: navigator.onLine }) ?? kept.current;
  kept.current = view;
  return view;
}

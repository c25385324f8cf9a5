import { createWireClient, type TransportName, type WireClient } from '@everywire/client';

/** What tests see of the page's client, and of the page's own events. */
interface Seen {
  readonly wire: WireClient;
  readonly got: string[];
  /** `status.state`, and the transport if there is one, for each change. */
  readonly statuses: string[];
  /** Events of the page's life cycle, in order. */
  readonly life: string[];
}

const forced = location.search.slice(1) as TransportName | '';
const wire = createWireClient('/everywire', forced ? { transports: [forced] } : {});
const seen: Seen = { wire, got: [], statuses: [], life: [] };
wire.onmessage = ({ data }) => seen.got.push(data);
wire.addEventListener('statuschange', () => {
  const { status } = wire;
  const text = status.state === 'open' ? `open ${status.transport}` : status.state;
  if (seen.statuses.at(-1) !== text) seen.statuses.push(text);
});
for (const type of ['pageshow', 'pagehide'] as const) {
  addEventListener(type, ({ persisted }) => seen.life.push(persisted ? `${type} persisted` : type));
}
for (const type of ['freeze', 'resume'] as const) document.addEventListener(type, () => seen.life.push(type));
document.addEventListener('visibilitychange', () => seen.life.push(document.visibilityState));

declare global {
  interface Window {
    seen: Seen;
  }
}
window.seen = seen;

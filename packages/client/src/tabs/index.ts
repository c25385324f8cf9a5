import { browserTable } from '../create-wire-client.js';
import { toPrefix } from '../prefix.js';
import type { TransportRow } from '../transport.js';
import type { TransportTable } from '../transport-table.js';
import { connectWebSocket } from '../transports/websocket.js';
import type { WireClient, WireClientOptions } from '../wire-client.js';
import { WireSocket } from '../wire-socket.js';
import { TabGroup } from './tab-group.js';
import { TabSocket } from './tab-socket.js';

/** With whom a page shares its connection. */
export interface TabOptions {
  /** Tabs of one origin share where this is the same: who is signed in, and which build of the page it is. */
  readonly group: string;
  /**
   * Makes the worker that takes the connection over when the first tab is closed: a script that calls `leadTabs`, named after the
   * group. Without it, and where the browser has none, the next tab takes it over.
   */
  readonly worker?: (name: string) => unknown;
}

const groups = new Map<string, TabGroup>();

/** A page's sessions of one group are guests of the same hub. */
function groupOf(name: string, worker: TabOptions['worker']): TabGroup {
  const known = groups.get(name);
  if (known) return known;
  const group = new TabGroup(name);
  groups.set(name, group);
  group.ready.then((shares) => shares && worker?.(name)).catch(() => undefined);
  return group;
}

function sharedRow(name: string, worker: TabOptions['worker']): TransportRow {
  return {
    name: 'websocket',
    kind: 'duplex',
    load: async () => {
      const group = groupOf(name, worker);
      if (!(await group.ready) || group.alone) return { connect: connectWebSocket };
      class Socket extends TabSocket {
        constructor(url: string, protocols: readonly string[]) {
          super(group, url, protocols);
        }
      }
      return { connect: (request, events) => connectWebSocket(request, events, Socket) };
    },
  };
}

/**
 * Connects to a transport server, in a browser, through one WebSocket for all tabs of a group. Each tab has a session of its own, as with
 * `createWireClient`, so what one does no other notices but by the network. Where the browser has no Web Locks or refuses them (a page that is
 * not secure, a frame without an origin), the tab connects by itself.
 *
 * @param url the server's path prefix, absolute or relative to the page
 * @throws TypeError when `url` is none, RangeError when `transports` names none that exists
 */
export function createTabWireClient(url: string | URL, tabs: TabOptions, options: WireClientOptions = {}): WireClient {
  const prefix = toPrefix(url, globalThis.location?.href);
  const [, ...others] = browserTable.rows;
  const table: TransportTable = {
    ...browserTable,
    rows: [sharedRow(`everywire ${prefix} ${tabs.group}`, tabs.worker), ...others],
  };
  return new WireSocket(prefix, table, options);
}

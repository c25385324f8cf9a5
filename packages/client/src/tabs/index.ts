import { browserTable } from '../create-wire-client.js';
import { type MemoryStorage, pageStorage } from '../network-memory.js';
import { toPrefix } from '../prefix.js';
import type { TransportEntry } from '../transport.js';
import type { TransportTable } from '../transport-table.js';
import { connectWebSocket } from '../transports/websocket.js';
import type { WireClient, WireClientOptions } from '../wire-client.js';
import { WireSocket } from '../wire-socket.js';
import { RequestSlot } from './request-slot.js';
import { TabGroup } from './tab-group.js';
import { TabSocket } from './tab-socket.js';

/** Options for sharing a connection among tabs. */
export interface TabOptions {
  /**
   * Tabs of one origin with the same value share a connection. The value should contain the signed-in user and the
   * build of the page.
   */
  readonly group: string;
  /**
   * Creates the shared worker that takes over the connection when the first tab is closed. Its script must call
   * `leadTabs`, and its name must be `name`. Without a worker, or if the browser has no shared workers, the next tab
   * takes over.
   */
  readonly worker?: (name: string) => unknown;
}

const groups = new Map<string, TabGroup>();

/** Returns the tab group of that name, shared by all sessions of this page. */
function groupOf(name: string, worker: TabOptions['worker']): TabGroup {
  const known = groups.get(name);
  if (known) return known;
  const group = new TabGroup(name);
  groups.set(name, group);
  group.ready.then((shares) => shares && worker?.(name)).catch(() => undefined);
  return group;
}

/** Creates the table entry of the WebSocket that the tabs of a group share. */
function sharedRow(group: TabGroup): TransportEntry {
  return {
    name: 'websocket',
    kind: 'duplex',
    load: async () => {
      if (!(await group.ready) || group.alone) return { connect: connectWebSocket };
      const Socket = TabSocket.bind(null, group);
      return { connect: (request, events) => connectWebSocket(request, events, Socket) };
    },
  };
}

/** Matches the transports of a tab that may not hold a request open. */
const withoutHeldRequest = /^(websocket|short-poll)/;

/** Returns whether all requests to the origin share one connection, which HTTP/2 and HTTP/3 allow. */
function isMultiplexed(origin: string): boolean {
  return performance
    .getEntries()
    .some(
      (entry) =>
        entry.name.startsWith(`${origin}/`) && /^h[23]/.test((entry as PerformanceResourceTiming).nextHopProtocol),
    );
}

/** Lets a session hold requests open only while its tab has a turn (see `RequestSlot`). */
class TurnTaker {
  readonly #origin: string;
  #turn: RequestSlot | undefined;
  #client: WireSocket | undefined;
  /** Whether the allowed transports have changed since the session was notified. */
  #isNews = false;
  #isForced = false;

  constructor(prefix: string) {
    this.#origin = new URL(prefix).origin;
  }

  get has(): boolean {
    return this.#turn?.has ?? true;
  }

  /**
   * Wraps a storage so that nothing is stored while the tab has no turn: the transport in use then says nothing about
   * the network.
   */
  remembering(storage: MemoryStorage | undefined): MemoryStorage | null {
    if (!storage) return null;
    return {
      getItem: (key) => storage.getItem(key),
      setItem: (key, value) => void (this.has && storage.setItem(key, value)),
    };
  }

  begin(client: WireSocket): void {
    this.#client = client;
    const use = client.use.bind(client);
    client.use = (transport) => {
      use(transport);
      this.#isForced = transport !== null;
    };
    if (client.readyState === client.CLOSED || isMultiplexed(this.#origin)) return;
    this.#turn = new RequestSlot(`everywire ${this.#origin} turn`, () => {
      this.#isNews = !this.#isNews;
      this.#report();
    });
    client.addEventListener('statuschange', this.#report);
    client.addEventListener('close', () => this.#turn?.stop());
  }

  #report = (): void => {
    const client = this.#client!;
    // A session on a WebSocket needs no turn, because it does not hold a request open.
    if (!this.#isNews || this.#isForced || client.transport === 'websocket' || client.readyState > 1) return;
    this.#isNews = false;
    client.use(null);
  };
}

/**
 * Connects to a transport server, in a browser, through one WebSocket for all tabs of a group. Each tab has its own
 * session, as with `createWireClient`, so tabs affect each other only through the network. If the WebSocket is refused,
 * four tabs of an origin hold requests open, visible ones first, and the others poll. If the browser has no Web Locks
 * or refuses them (insecure page, frame without an origin), the tab connects by itself.
 *
 * @param url the server's path prefix, absolute or relative to the page
 * @throws TypeError if `url` is invalid, RangeError if `transports` names no transport that exists
 */
export function createTabWireClient(url: string | URL, tabs: TabOptions, options: WireClientOptions = {}): WireClient {
  const prefix = toPrefix(url);
  const group = groupOf(`everywire ${prefix} ${tabs.group}`, tabs.worker);
  const taker = new TurnTaker(prefix);
  const [, ...others] = browserTable.rows;
  const table: TransportTable = {
    ...browserTable,
    rows: [sharedRow(group), ...others],
    get usual() {
      return taker.has ? browserTable.usual : withoutHeldRequest;
    },
  };
  const { storage, transports } = options;
  const remembered = taker.remembering(storage === undefined ? pageStorage() : (storage ?? undefined));
  const client = new WireSocket(prefix, table, { ...options, storage: remembered });
  if (!transports) group.ready.then((shares) => shares && taker.begin(client));
  return client;
}

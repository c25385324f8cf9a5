import { browserTable } from '../create-wire-client.js';
import { type MemoryStorage, pageStorage } from '../network-memory.js';
import { toPrefix } from '../prefix.js';
import type { TransportRow } from '../transport.js';
import type { TransportTable } from '../transport-table.js';
import { connectWebSocket } from '../transports/websocket.js';
import type { WireClient, WireClientOptions } from '../wire-client.js';
import { WireSocket } from '../wire-socket.js';
import { TabGroup } from './tab-group.js';
import { TabSocket } from './tab-socket.js';
import { Turn } from './turn.js';

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

function sharedRow(group: TabGroup): TransportRow {
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

/** What a tab uses where it may hold no request open. */
const heldByNone = /^(websocket|short-poll)/;

/** Over these protocols requests share one connection. */
function isMultiplexed(origin: string): boolean {
  return performance
    .getEntries()
    .some(
      (entry) =>
        entry.name.startsWith(`${origin}/`) && /^h[23]/.test((entry as PerformanceResourceTiming).nextHopProtocol),
    );
}

/** A session among those that take turns in holding requests open. */
class TurnTaker {
  readonly #origin: string;
  #turn: Turn | undefined;
  #client: WireSocket | undefined;
  /** What the session may use is another than it knows. */
  #isNews = false;
  #isForced = false;

  constructor(prefix: string) {
    this.#origin = new URL(prefix).origin;
  }

  get has(): boolean {
    return this.#turn?.has ?? true;
  }

  /** What works for a tab that has no turn says nothing of the network. */
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
    this.#turn = new Turn(`everywire ${this.#origin} turn`, () => {
      this.#isNews = !this.#isNews;
      this.#tell();
    });
    client.addEventListener('statuschange', this.#tell);
    client.addEventListener('close', () => this.#turn?.stop());
  }

  #tell = (): void => {
    const client = this.#client!;
    // A WebSocket is no request.
    if (!this.#isNews || this.#isForced || client.transport === 'websocket' || client.readyState > 1) return;
    this.#isNews = false;
    client.use(null);
  };
}

/**
 * Connects to a transport server, in a browser, through one WebSocket for all tabs of a group. Each tab has a session of its own, as with
 * `createWireClient`, so what one does no other notices but by the network. Where the WebSocket is refused, four tabs of an origin hold
 * requests open, those that are seen before the others, and the rest poll. Where the browser has no Web Locks or refuses them (a page that
 * is not secure, a frame without an origin), the tab connects by itself.
 *
 * @param url the server's path prefix, absolute or relative to the page
 * @throws TypeError when `url` is none, RangeError when `transports` names none that exists
 */
export function createTabWireClient(url: string | URL, tabs: TabOptions, options: WireClientOptions = {}): WireClient {
  const prefix = toPrefix(url, globalThis.location?.href);
  const group = groupOf(`everywire ${prefix} ${tabs.group}`, tabs.worker);
  const taker = new TurnTaker(prefix);
  const [, ...others] = browserTable.rows;
  const table: TransportTable = {
    ...browserTable,
    rows: [sharedRow(group), ...others],
    get usual() {
      return taker.has ? browserTable.usual : heldByNone;
    },
  };
  const { storage, transports } = options;
  const remembered = taker.remembering(storage === undefined ? pageStorage() : (storage ?? undefined));
  const client = new WireSocket(prefix, table, { ...options, storage: remembered });
  if (!transports) group.ready.then((shares) => shares && taker.begin(client));
  return client;
}

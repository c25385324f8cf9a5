import { type Command, type ConversationId, isQuery, type Query } from '@everywire/chat';
import { parseRequest } from '@everywire/chat-server/internal';
import { type MemoryBackup, MemoryStore } from '@everywire/store-memory';
import type { SeededRandom } from '@everywire/testkit';
import { acceptCommand, isWronglyRefused } from './accept-command.js';
import { Device } from './device.js';
import { LeakWatch } from './leak-watch.js';
import { NodeNetwork } from './node-network.js';
import type { Done, Reply } from './server-node.js';
import { emptyTruth, type Truth } from './truth.js';
import type { Down, Running, Up } from './under-way.js';
import { deviceLimits, type Faults, nodesCount, users, worldLimits } from './world-limits.js';

/**
 * The simulated world: devices, server nodes, the store, and the queues between them, from which a run takes items in
 * random order. A request goes from `#up` to a server node. A command then waits in `#running` for its commit. Its
 * answer waits in `#pool` and, like events, in `#down` for its delivery to the device.
 */
export class World {
  /** Decides everything except queries. */
  readonly random: SeededRandom;
  readonly devices: readonly Device[];
  /** Violated rules, with a description. */
  readonly failures: string[] = [];
  readonly leaks: LeakWatch;
  /** Decides about queries. A separate generator, so that queries do not change the rest of a run. */
  readonly asking: SeededRandom;
  /** The names of accepted commands and answered queries. */
  readonly answered = new Set<string>();
  store: MemoryStore;
  /** The expected state of the store and the devices. */
  truth: Truth = emptyTruth();
  /** Simulated time, in milliseconds. */
  now = 1_000;
  /** Number of conversations that users have asked to create. */
  created = 0;
  faults: Faults;
  /** Reports each step in a line; `null` to report nothing. */
  trace: ((line: string) => void) | null;
  #up: Up[] = [];
  #running: Running[] = [];
  #pool: Down[] = [];
  #down: Down[] = [];
  readonly #network: NodeNetwork;
  /** Functions that let the store commit a waiting transaction. */
  readonly #gate: (() => void)[] = [];
  #ids = 0;
  #epochs = 0;
  /** Id of the store's history. Each restore begins a new one. */
  epoch = '';

  constructor(
    { random, asking }: { readonly random: SeededRandom; readonly asking: SeededRandom },
    faults: Faults,
    trace: ((line: string) => void) | null,
  ) {
    this.random = random;
    this.asking = asking;
    this.faults = faults;
    this.trace = trace;
    this.store = this.#openStore(null);
    this.leaks = new LeakWatch(this);
    this.devices = users.flatMap((user) => ['a', 'b'].map((each) => new Device(user, `${user}${each}`, deviceLimits)));
    this.#network = new NodeNetwork(this, (device, event) => {
      this.#down.push({ device, connection: device.connection, give: (to) => to.receive(event, this.now) });
    });
  }

  /** Returns a new hexadecimal id. */
  mintId(digits: number): string {
    this.#ids += 1;
    return this.#ids.toString(16).padStart(digits, '0');
  }

  /** Records the violation of a rule of `docs/spec/chat.md`. */
  fail(rule: string, what: string): void {
    if (this.failures.length < 5) this.failures.push(`${rule}: ${what}`);
  }

  /** Whether anything is in flight. */
  get busy(): boolean {
    const waiting = this.#up.length + this.#running.length + this.#pool.length + this.#down.length;
    return waiting > 0 || this.#network.busy;
  }

  /** Connects a device to a random server node. */
  connect(device: Device): void {
    device.connect(this.random.below(nodesCount));
    this.#network.connect(device);
    this.settle(device);
  }

  disconnect(device: Device): void {
    this.#network.disconnect(device);
    device.disconnect();
    this.settle(device);
  }

  /** Sends the waiting requests of a device. To be called after each action of the device. */
  settle(device: Device): void {
    for (const { token, request } of device.settle()) {
      const text = JSON.stringify({ ...request, i: token });
      this.trace?.(`${device.name} asks ${text}`);
      if (parseRequest(text, Number.POSITIVE_INFINITY).outcome === 'refused')
        this.fail('command schemas', `the server would refuse the form of ${text}`);
      this.#up.push({ device, connection: device.connection, token, request });
    }
  }

  /** Sends a read position that the device's core would not send, over its connection. */
  readAs(device: Device, conversation: ConversationId, sequence: number): void {
    this.#up.push({
      device,
      connection: device.connection,
      token: -1,
      request: { command: 'read', conversation, sequence },
    });
  }

  /** Performs one step, chosen at random among the possible ones. */
  async step(): Promise<void> {
    await this.#network.ready();
    const roll = this.random.next();
    if (roll < 0.3 && this.#up.length > 0) return this.#serve(this.#takeFirst(this.#up));
    if (roll < 0.45 && this.#running.length > 0) return this.#commit(this.random.below(this.#running.length));
    if (roll < 0.6 && this.#pool.length > 0 && this.random.chance(this.faults.answerPromptness)) {
      this.#down.push(...this.#pool.splice(this.random.below(this.#pool.length), 1));
      return;
    }
    if (roll < 0.8 && this.#network.busLength > 0)
      return this.#network.deliver(this.random.below(this.#network.busLength));
    if (roll > 0.96 && this.#network.hasReceipts) return this.#network.flush();
    if (this.#down.length > 0) this.#deliver(this.#takeFirst(this.#down));
  }

  /** Delivers everything in flight, without further faults. */
  async drain(): Promise<void> {
    const faults = this.faults;
    this.faults = { loseHint: 0, repeatHint: 0, crash: 0, answerPromptness: 1 };
    for (let steps = 0; this.busy; steps += 1) {
      if (steps > 20_000) {
        this.fail(
          'CH-4',
          `no end of asking: ${JSON.stringify(this.#up.slice(0, 3).map((up) => [up.device.name, up.request]))}`,
        );
        this.#up = [];
        break;
      }
      await this.#network.ready();
      if (this.#up.length > 0) await this.#serve(this.#takeFirst(this.#up));
      if (this.#running.length > 0) await this.#commit(0);
      if (this.#network.busLength > 0) await this.#network.deliver(0);
      if (this.#network.hasReceipts) await this.#network.flush();
      this.#down.push(...this.#pool.splice(0, 1));
      if (this.#down.length > 0) this.#deliver(this.#takeFirst(this.#down));
    }
    this.faults = faults;
  }

  /** Returns a backup of the store, with the expected state at that time. */
  backup(): { readonly store: MemoryBackup; readonly truth: Truth } {
    return { store: this.store.backup(), truth: structuredClone(this.truth) };
  }

  /** CH-26: restores the store from a backup. Everything in flight is lost, and every server process restarts. */
  restore(backup: { readonly store: MemoryBackup; readonly truth: Truth }): void {
    this.trace?.('restore');
    this.store = this.#openStore(backup.store);
    this.truth = structuredClone(backup.truth);
    this.#running = [];
    this.#gate.length = 0;
    this.#network.restart();
    const sent = new Set(
      [...this.truth.conversations.values()].flatMap(({ messages }) => messages.map(({ commandId }) => commandId)),
    );
    for (const device of this.devices) {
      if (device.online) this.disconnect(device);
      device.forgetAcknowledged((id) => sent.has(id));
    }
  }

  #openStore(backup: MemoryBackup | null): MemoryStore {
    this.#epochs += 1;
    const epoch = this.#epochs.toString(16).padStart(16, '0');
    this.epoch = epoch;
    const gate = (commit: () => void): void => void this.#gate.push(commit);
    return new MemoryStore({ epoch, limits: worldLimits, gate, ...(backup === null ? {} : { backup }) });
  }

  /** Runs a query and returns its answer immediately. */
  async ask(device: Device, query: Query): Promise<Reply> {
    const reply = await this.#network.node(device.node).query(device.user, query, this.now);
    if ('ok' in reply) this.answered.add(query.command);
    this.leaks.checkReply(device, query, reply);
    return reply;
  }

  /** Removes and returns the first item of a random device, so that the items of each device stay in order. */
  #takeFirst<Item extends Pick<Up, 'device'>>(queue: Item[]): Item {
    const { device } = this.random.pick(queue);
    const index = queue.findIndex((item) => item.device === device);
    const [item] = queue.splice(index, 1);
    if (item === undefined) throw new Error('an empty queue');
    return item;
  }

  /** Runs a request on the node of its device. Of the requests of a closed connection, half of the commands still run. */
  async #serve(up: Up): Promise<void> {
    const { device, request } = up;
    const lost = up.connection !== device.connection || !device.online;
    if (lost && (isQuery(request) || this.random.chance(0.5))) return;
    if (isQuery(request)) {
      this.#reply(up, await this.ask(device, request));
      return;
    }
    this.now += 1;
    const node = this.#network.node(device.node);
    const { people } = node;
    const done = node.command(device.user, request, this.now, lost ? null : people.sessionOf(device));
    // An error is thrown later, where `done` is awaited. This only prevents an unhandled rejection.
    done.catch(() => undefined);
    await this.#proceed({ up, node: device.node, people, now: this.now, done });
  }

  /** Lets a command run until it waits for its commit or ends. Several commands may wait at the same time. */
  async #proceed(going: Omit<Running, 'commit'>): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const [commit] = this.#gate.splice(0);
    if (commit === undefined) await this.#finish(going, await going.done);
    else this.#running.push({ ...going, commit });
  }

  async #commit(index: number): Promise<void> {
    const [running] = this.#running.splice(index, 1);
    if (running === undefined) return;
    running.commit();
    await this.#proceed(running);
  }

  /**
   * Ends a command that has committed or was refused: checks it, publishes its notices (events and their recipients) and
   * answers it. The node may crash after the commit and before this, so that both are lost.
   */
  async #finish(
    { up, now, node, people }: Omit<Running, 'commit'>,
    { reply, notices, committed, forwarded = null }: Done,
  ): Promise<void> {
    const { device, request } = up;
    const wrong = committed
      ? acceptCommand(this.truth, device.user, request as Command, { reply, forwarded, now })
      : null;
    if (wrong !== null) this.fail(...wrong);
    if (!committed && isWronglyRefused(this.truth, device.user, request as Command, reply, now))
      this.fail('CH-29', `${device.user} was refused ${JSON.stringify(request)}: ${JSON.stringify(reply)}`);
    if ('ok' in reply) this.answered.add(request.command);
    this.trace?.(`${device.name} ${committed ? 'did' : 'got'} ${JSON.stringify(request)} ${JSON.stringify(reply)}`);
    const isCrashed = this.#network.node(node).people !== people;
    if (isCrashed || (committed && this.random.chance(this.faults.crash))) {
      if (!isCrashed) this.#crash(node);
      this.#network.drop(notices);
      return;
    }
    await this.#network.publish(node, notices, device.user);
    this.#reply(up, reply);
  }

  #crash(node: number): void {
    this.trace?.(`node ${node} crashes`);
    for (const device of this.devices) if (device.node === node && device.online) this.disconnect(device);
    this.#network.crash(node);
  }

  #reply({ device, connection, token, request }: Up, reply: Reply): void {
    const give = (to: Device): void => {
      this.trace?.(`${device.name} gets ${request.command} ${JSON.stringify(reply)}`);
      to.answer(token, reply);
    };
    this.#pool.push({ device, connection, give });
  }

  /** Delivers an answer or event, unless its connection has ended. */
  #deliver({ device, connection, give }: Down): void {
    if (connection !== device.connection || !device.online) return;
    give(device);
    this.settle(device);
  }
}

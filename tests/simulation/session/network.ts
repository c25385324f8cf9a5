// Over 300 lines, because the faults of the network can only be understood together.
import {
  type ClientLinkView,
  type ClientRecord,
  encodeJsonBody,
  encodeRecord,
  type Message,
  parseRecord,
  readRecord,
} from '@everywire/protocol/internal';
import type { Census, FaultName } from './census.js';
import type { Mixer } from './mixer.js';
import type { Profile } from './profile.js';
import type { Random } from './random.js';
import { SoleRequest } from './sole-request.js';
import type { VirtualClock } from './virtual-clock.js';
import { type Endpoint, type Ends, type Item, isMessage, type Wire } from './wire.js';

/** A poll that the server holds for at least this long counts as held for a long time. About the shortest heartbeat. */
const longParkMs = 900;

/** The parts of a run that the network uses. */
interface World {
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly profile: Profile;
  readonly census: Census;
}

/**
 * Simulates the network between one client and the server, with random faults. A `Wire` is one link between them: a WebSocket or an
 * HTTP request. To "swallow" means that a link stays open and nothing passes any more. An `Item` is a message or a control record.
 */
export class Network {
  faults = true;
  carriers = 0;
  removed = 0;
  /** Number of links that were crossed, that is, that exchanged their rest with a link of another session. */
  crossed = 0;
  /** The proxy that this network shares with another one, if any. */
  mixer: Mixer | null = null;
  #outageUntil = 0;
  /** Whether records are encoded to bytes and parsed. This takes time, so the other runs only validate records as objects. */
  readonly #bytes: boolean;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #profile: Profile;
  readonly #ends: Ends;
  /** `null` if requests do not wait for each other. */
  readonly #sole: SoleRequest | null;
  readonly #census: Census;
  readonly #trace: ((text: string) => void) | undefined;
  readonly #byLink = new Map<ClientLinkView, Wire>();
  readonly #byKey = new Map<string, Endpoint>();

  constructor(
    { seed, clock, random, profile, census }: World,
    ends: Ends,
    trace: ((text: string) => void) | undefined,
  ) {
    this.#census = census;
    this.#clock = clock;
    this.#random = random;
    this.#profile = profile;
    this.#ends = ends;
    this.#trace = trace;
    this.#bytes = seed % 8 === 0;
    this.#sole = profile.sole ? new SoleRequest((begin) => clock.after(1, begin)) : null;
  }

  // ---- the client's side

  /** Opens a link of the client. `head` is the first record of a request, or of the opening handshake. */
  connect(link: ClientLinkView, head: ClientRecord | undefined, messages: readonly Message[]): void {
    this.carriers += 1;
    const wire: Wire = {
      id: `L${this.carriers}`,
      kind: link.kind,
      link,
      clientOpen: true,
      cut: false,
      upSwallowedFrom: Number.POSITIVE_INFINITY,
      downSwallowedFrom: Number.POSITIVE_INFINITY,
      swallowed: false,
      answerLost: false,
      blind: head?.t === 'body' && head.blind === true,
      bufferedFrom: Number.POSITIVE_INFINITY,
      deadOnOpening: false,
      used: '',
      upAt: 0,
      downAt: 0,
      held: [],
      endpoints: [],
      crossedTo: null,
    };
    this.#byLink.set(link, wire);
    this.#trace?.(`C connect ${wire.id} ${link.kind} ${head ? encodeRecord(head) : ''} +${messages.length}`);
    if (wire.kind === 'duplex') this.#connectDuplex(wire, head);
    else if (head) this.#ask(wire, () => this.#request(wire, head, messages));
  }

  /** Begins a request, or lets it wait if the client can have only one at a time. */
  #ask(wire: Wire, begin: () => void): void {
    if (!this.#sole) begin();
    else if (this.#sole.take(wire, begin)) this.#census.fault('request waited for another one', this.#clock.now);
  }

  writeFromClient(link: ClientLinkView, items: readonly Item[]): void {
    const wire = this.#byLink.get(link);
    const endpoint = wire?.endpoints[0];
    if (!wire?.clientOpen || wire.cut || !endpoint) return;
    for (const item of items) {
      this.#note('C>', wire.id, item);
      if (this.#vanishes(item)) continue;
      const copy = this.#copied(item);
      this.#arrive(wire, 'upAt', () => {
        if (!endpoint.open || wire.cut || this.#swallows(wire, 'up')) return;
        if (isMessage(copy)) this.#ends.serverMessage(endpoint.key, copy);
        else this.#ends.serverRecord(endpoint.key, 'duplex', copy as ClientRecord, []);
      });
    }
  }

  endFromClient(link: ClientLinkView): void {
    const wire = this.#byLink.get(link);
    if (!wire?.clientOpen) return;
    this.#trace?.(`C end ${wire.id}`);
    wire.clientOpen = false;
    this.#byLink.delete(link);
    this.#sole?.ended(wire);
    // The server learns of a closed WebSocket after all that was sent before. Of an aborted request it often learns nothing.
    if (wire.kind === 'duplex') {
      if (!wire.cut) this.#arrive(wire, 'upAt', () => this.#swallows(wire, 'up') || this.#endServer(wire));
    } else if (this.#random.chance(0.5)) this.#clock.after(this.#delay(), () => this.#endServer(wire));
  }

  // ---- the server's side

  writeFromServer(key: string, items: readonly Item[]): void {
    const endpoint = this.#byKey.get(key);
    if (!endpoint?.open) return;
    const { wire } = endpoint;
    for (const item of items) {
      this.#note('S>', key, item);
      if (wire.used !== key || wire.cut || wire.answerLost || this.#vanishes(item)) continue;
      if (wire.blind) {
        this.#census.count('answer unreadable to the client');
        continue;
      }
      const copy = this.#copied(item);
      const live = wire.kind === 'duplex' || (wire.kind === 'stream' && this.#clock.now < wire.bufferedFrom);
      if (live) this.#arrive(wire, 'downAt', () => this.#toClient(wire, key, copy));
      else wire.held.push(copy);
    }
  }

  endFromServer(key: string): void {
    const endpoint = this.#byKey.get(key);
    if (!endpoint?.open) return;
    endpoint.open = false;
    const { wire } = endpoint;
    if (wire.used !== key) return;
    if (wire.kind === 'poll' && this.#clock.now >= endpoint.reachedAt + longParkMs)
      this.#census.count('poll parked for a long time');
    if (wire.answerLost) {
      this.#census.fault('answer lost', this.#clock.now);
      if (this.#random.chance(0.6)) this.#clock.after(this.#delay(), () => this.#endClient(wire, false));
      return;
    }
    this.#arrive(wire, 'downAt', () => {
      if (wire.cut || wire.used !== key || this.#swallows(wire, 'down')) return;
      if (wire.kind === 'stream' && wire.held.length > 0)
        this.#census.fault('stream buffered until its end', this.#clock.now);
      const give = (items: readonly Item[]): void => {
        for (const item of items) this.#toClient(wire, key, item);
        this.#endClient(wire, true);
      };
      const whole = wire.kind === 'poll' || wire.kind === 'post';
      if (whole && this.mixer && this.#chance(this.#profile.mixed)) this.mixer.offer(this, wire.held, give);
      else give(wire.held);
    });
  }

  /** Runs a function at a time, which the other session's network chose. */
  later(now: number, run: () => void): void {
    this.#clock.at(now, run);
  }

  get now(): number {
    return this.#clock.now;
  }

  count(name: FaultName): void {
    this.#census.fault(name, this.#clock.now);
  }

  pickOpen(kind: 'stream' | 'duplex'): Wire | undefined {
    return [...this.#byLink.values()].find(
      (wire) => wire.kind === kind && wire.clientOpen && !wire.cut && !wire.crossedTo,
    );
  }

  /** Delivers an item that the server wrote to another session. */
  receive(wire: Wire, item: Item): void {
    if (wire.clientOpen && !wire.cut) this.#ends.clientItem(wire.link, item);
  }

  /** Cuts every link, as if the server process was killed. The server notices this immediately, and the client soon. */
  cutAll(): void {
    for (const wire of this.#byLink.values()) {
      if (!wire.clientOpen && !wire.endpoints.some((endpoint) => endpoint.open)) continue;
      wire.cut = true;
      for (const endpoint of wire.endpoints) endpoint.open = false;
      this.#clock.after(this.#random.below(300), () => this.#endClient(wire, false));
    }
  }

  /** Lets nothing pass for some time. Links that are open stay open, but pass nothing afterwards either. */
  startOutage(ms: number): void {
    const { now } = this.#clock;
    this.#outageUntil = now + ms;
    this.#census.fault('network outage of seconds', now);
    for (const wire of this.#byLink.values()) {
      wire.upSwallowedFrom = Math.min(wire.upSwallowedFrom, now);
      wire.downSwallowedFrom = Math.min(wire.downSwallowedFrom, now);
    }
  }

  heal(): void {
    this.faults = false;
    this.#outageUntil = 0;
    for (const wire of this.#byLink.values()) {
      const swallowedFrom = Math.min(wire.upSwallowedFrom, wire.downSwallowedFrom);
      if (swallowedFrom === Number.POSITIVE_INFINITY || !wire.clientOpen) continue;
      wire.cut = true;
      this.#endClient(wire, false);
      this.#endServer(wire);
    }
  }

  // ---- faults

  #chance(probability: number): boolean {
    return this.faults && probability > 0 && this.#random.chance(probability);
  }

  #loses(probability: number): boolean {
    return this.#clock.now < this.#outageUntil || this.#chance(probability);
  }

  #delay(): number {
    const { latencyMs, late } = this.#profile;
    const delay = latencyMs / 2 + this.#random.below(latencyMs);
    if (!this.#chance(late)) return delay;
    const more = this.#random.below(4000);
    if (more >= 1000) this.#census.fault('delivery late by seconds', this.#clock.now);
    return delay + more;
  }

  /** Returns whether the network removes this message from its link. At most one is removed in a run. */
  #vanishes(item: Item): boolean {
    if (!this.#profile.remove || this.removed > 0 || !isMessage(item) || !this.#chance(this.#profile.removeChance))
      return false;
    this.removed += 1;
    this.#census.fault('frame of equal length removed', this.#clock.now);
    this.#trace?.('removed');
    return true;
  }

  #swallows(wire: Wire, direction: 'up' | 'down'): boolean {
    const { upSwallowedFrom, downSwallowedFrom } = wire;
    if (this.#clock.now <= (direction === 'up' ? upSwallowedFrom : downSwallowedFrom)) return false;
    if (wire.swallowed) return true;
    wire.swallowed = true;
    const oneWay =
      direction === 'up' ? ('link silenced upstream only' as const) : ('link silenced downstream only' as const);
    this.#census.fault(
      upSwallowedFrom === downSwallowedFrom ? 'link silenced in both directions' : oneWay,
      this.#clock.now,
    );
    return true;
  }

  #die(wire: Wire): void {
    this.#census.fault('link dead after its opening', this.#clock.now);
    if (wire.upSwallowedFrom < Number.POSITIVE_INFINITY) wire.upSwallowedFrom = this.#clock.now - 1;
    if (wire.downSwallowedFrom < Number.POSITIVE_INFINITY) wire.downSwallowedFrom = this.#clock.now - 1;
  }

  #withhold(wire: Wire): void {
    const later = this.#random.chance(0.4);
    wire.bufferedFrom = later ? this.#clock.now + this.#random.below(2000) : 0;
    if (later) this.#census.fault('stream buffered from a later moment on', this.#clock.now);
  }

  #swallowLater(wire: Wire): void {
    wire.deadOnOpening = this.#random.chance(this.#profile.deadOnOpening);
    const from = this.#clock.now + this.#random.below(2000);
    const direction = this.#random.below(4);
    if (direction !== 0) wire.upSwallowedFrom = from;
    if (direction !== 1) wire.downSwallowedFrom = from;
  }

  #connectDuplex(wire: Wire, head: ClientRecord | undefined): void {
    const { lose, swallow, cut, duplicate } = this.#profile;
    if (this.#loses(lose)) {
      this.#census.fault('connection attempt lost', this.#clock.now);
      if (this.#random.chance(0.5)) this.#clock.after(this.#delay() * 3, () => this.#endClient(wire, false));
      return;
    }
    if (this.#chance(swallow)) this.#swallowLater(wire);
    this.#cutLater(wire, cut);
    const endpoint = this.#endpoint(wire, wire.id);
    if (head && this.#profile.takesHeads) {
      this.#reachWithHead(endpoint, head);
      // A proxy may repeat the request on another connection. The answer to that one is lost.
      if (this.#chance(duplicate)) this.#repeatHead(wire, head);
      return;
    }
    endpoint.open = true;
    this.#clock.after(this.#delay() + this.#delay(), () => this.#opened(wire, false));
  }

  /** Lets the client learn that a WebSocket is open. `headed`: the server has read the record in the handshake. */
  #opened(wire: Wire, headed: boolean): void {
    if (!wire.clientOpen || wire.cut || this.#swallows(wire, 'down')) return;
    if (wire.deadOnOpening) this.#die(wire);
    this.#ends.clientOpened(wire.link, headed);
  }

  /** Opens a WebSocket whose handshake contains a record. The answer to the handshake contains the answer to it (SN-40). */
  #reachWithHead(endpoint: Endpoint, head: ClientRecord): void {
    const { wire } = endpoint;
    wire.upAt = this.#clock.now + this.#delay() + this.#delay();
    this.#clock.at(wire.upAt, () => {
      if (wire.cut || this.#swallows(wire, 'up')) return;
      endpoint.open = true;
      this.#trace?.(`S< ${endpoint.key} ${head.t} in the handshake`);
      this.#census.count('opening handshake with a record');
      this.#arrive(wire, 'downAt', () => this.#opened(wire, true));
      this.#ends.serverRecord(endpoint.key, 'duplex', this.#copied(head) as ClientRecord, []);
    });
  }

  #repeatHead(wire: Wire, head: ClientRecord): void {
    // The number in the key decides which node is reached. With the next number it is the other node, if there are two.
    const endpoint = this.#endpoint(wire, `L${Number(wire.id.slice(1)) + 1}.again`);
    const later = this.#random.below(3000);
    this.#clock.after(this.#delay() + later, () => {
      endpoint.open = true;
      this.#census.fault('opening handshake repeated', this.#clock.now);
      this.#trace?.(`S< ${endpoint.key} ${head.t} in the handshake, again`);
      this.#ends.serverRecord(endpoint.key, 'duplex', this.#copied(head) as ClientRecord, []);
      this.#clock.after(this.#random.below(3000), () => this.#endEndpoint(endpoint));
    });
  }

  /** Sends an HTTP request, which may be lost, repeated, or lose its answer. */
  #request(wire: Wire, head: ClientRecord, messages: readonly Message[]): void {
    const { lose, duplicate, cut, buffered } = this.#profile;
    if (this.#refusesSize(wire, head, messages)) return;
    if (this.#loses(lose)) {
      this.#census.fault('request lost', this.#clock.now);
      if (this.#random.chance(0.6)) this.#clock.after(this.#delay() * 2, () => this.#endClient(wire, false));
      return;
    }
    wire.answerLost = this.#chance(lose);
    if (wire.kind === 'stream' && this.#chance(buffered)) this.#withhold(wire);
    const copies = this.#chance(duplicate) ? 2 : 1;
    const used = this.#random.below(copies);
    if (wire.kind === 'stream') this.#cutLater(wire, cut, head);
    for (let copy = 0; copy < copies; copy += 1) {
      const endpoint = this.#endpoint(wire, `${wire.id}.${copy}`);
      if (copy === used) wire.used = endpoint.key;
      const later = copy ? this.#random.below(3000) : 0;
      if (copy) this.#census.fault(repetition(later, used), this.#clock.now);
      this.#reach(endpoint, head, messages, later);
    }
  }

  /** Returns whether the network refuses a request because of its size. This limit may stay after the other faults end. */
  #refusesSize(wire: Wire, head: ClientRecord, messages: readonly Message[]): boolean {
    const { bodyBytesMax, bodyBytesUntil, bodyCut } = this.#profile;
    if (head.t === 'body' && head.part) this.#census.count('message in parts');
    if (bodyBytesMax === 0 || this.#clock.now > bodyBytesUntil) return false;
    if (encodeJsonBody(head, messages).length <= bodyBytesMax) return false;
    const cut = bodyCut || wire.blind;
    // A form in a hidden frame notices no cut: the frame has loaded an error page. So its answer counts as complete.
    this.#census.fault(cut ? 'request cut as too large' : 'request refused as too large', this.#clock.now);
    this.#clock.after(this.#delay() * 2, () => this.#endClient(wire, wire.blind, !cut));
    return true;
  }

  #reach(endpoint: Endpoint, head: ClientRecord, messages: readonly Message[], later: number): void {
    this.#clock.after(this.#delay() + later, () => {
      if (this.#swallows(endpoint.wire, 'up')) return;
      endpoint.open = true;
      endpoint.reachedAt = this.#clock.now;
      this.#trace?.(`S< ${endpoint.key} ${head.t}`);
      this.#ends.serverRecord(endpoint.key, endpoint.wire.kind, this.#copied(head) as ClientRecord, messages);
    });
  }

  #endpoint(wire: Wire, key: string): Endpoint {
    const endpoint = { key, wire, open: false, reachedAt: 0 };
    wire.endpoints.push(endpoint);
    this.#byKey.set(key, endpoint);
    if (!wire.used) wire.used = key;
    return endpoint;
  }

  #cutLater(wire: Wire, chance: number, head?: ClientRecord): void {
    if (this.#chance(chance)) this.#clock.after(this.#random.below(3000), () => this.#cut(wire, head));
  }

  /** Cuts a link. The ends may notice it or not. A browser may repeat the request of a stream. */
  #cut(wire: Wire, head?: ClientRecord): void {
    if (wire.cut || !wire.clientOpen) return;
    this.#trace?.(`cut ${wire.id}`);
    this.#census.fault('link cut', this.#clock.now);
    const repeats = head && this.#profile.repeats && this.#random.chance(0.7);
    if (repeats) this.#clock.after(100 + this.#random.below(400), () => this.#repeat(wire, head));
    else {
      wire.cut = true;
      if (this.#random.chance(0.7)) this.#clock.after(this.#random.below(1500), () => this.#endClient(wire, false));
      else this.#census.fault('link cut, client not notified', this.#clock.now);
    }
    wire.used = '';
    const ends = wire.endpoints.filter(() => this.#random.chance(0.6));
    for (const endpoint of ends) this.#clock.after(this.#random.below(1500), () => this.#endEndpoint(endpoint));
  }

  /** `EventSource` repeats its request automatically, with the original head. */
  #repeat(wire: Wire, head: ClientRecord): void {
    if (!wire.clientOpen) return;
    const endpoint = this.#endpoint(wire, `${wire.id}.${wire.endpoints.length}`);
    wire.used = endpoint.key;
    wire.held.length = 0;
    this.#census.fault('stream reopened by the browser', this.#clock.now);
    this.#cutLater(wire, this.#profile.cut, head);
    this.#reach(endpoint, head, [], 0);
  }

  // ---- arrival

  /** Returns what the other end parses of a record. @throws Error if the record is invalid */
  #copied(item: Item): Item {
    if (isMessage(item)) return item;
    const record = this.#bytes ? parseRecord(encodeRecord(item)) : readRecord(item);
    if (typeof record === 'string' || record.t === 'channel') throw new Error(`${record}: ${encodeRecord(item)}`);
    return record;
  }

  /** Runs the delivery of an item after a random delay, but not before earlier items of the same direction. */
  #arrive(wire: Wire, direction: 'upAt' | 'downAt', run: () => void): void {
    wire[direction] = Math.max(wire[direction], this.#clock.now + this.#delay());
    this.#clock.at(wire[direction], run);
  }

  /** Delivers an item to the client, unless the link has ended for it. */
  #toClient(wire: Wire, key: string, item: Item): void {
    if (!wire.clientOpen || wire.cut || wire.used !== key || this.#swallows(wire, 'down')) return;
    if (wire.crossedTo) wire.crossedTo(item);
    else this.#ends.clientItem(wire.link, item);
  }

  /** Lets the client learn of the end of a link. `whole`: the answer is complete. */
  #endClient(wire: Wire, whole: boolean, tooLarge = false): void {
    if (!wire.clientOpen) return;
    wire.clientOpen = false;
    this.#trace?.(`C< end ${wire.id} ${whole ? 'whole' : 'cut'}`);
    this.#sole?.ended(wire);
    this.#ends.clientEnded(wire.link, whole, tooLarge);
    this.#byLink.delete(wire.link);
  }

  #endServer(wire: Wire): void {
    for (const endpoint of wire.endpoints) this.#endEndpoint(endpoint);
  }

  #endEndpoint(endpoint: Endpoint): void {
    if (!endpoint.open) return;
    endpoint.open = false;
    this.#trace?.(`S< end ${endpoint.key}`);
    this.#ends.serverEnded(endpoint.key);
  }

  #note(mark: string, id: string, item: Item): void {
    this.#trace?.(`${mark} ${id} ${isMessage(item) ? `message ${item.serial}` : encodeRecord(item).slice(0, 220)}`);
  }
}

/** Returns the name of the fault that a request is repeated. `used` is the index of the answer that the client receives. */
function repetition(laterMs: number, used: number): FaultName {
  if (laterMs < 1000) return 'request repeated immediately';
  return used === 0 ? 'request repeated later, first answer used' : 'request repeated later, second answer used';
}

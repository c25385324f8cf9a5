import type { Verdict } from '@everywire/protocol';
import { encodeSnapshot, type Message, parseSnapshot, type SessionSnapshot } from '@everywire/protocol/internal';
import { faultsEnd } from './profile.js';
import type { Random } from './random.js';
import type { ServerApplication, ServerNode } from './server-node.js';
import type { Simulation } from './simulate.js';

/** Freezes the session on its node and restores it on the other, while everything else happens (SN-24). */
export class HandOver {
  /** Counts hand-overs completed, with and without a confirmation, and damaged snapshots refused. */
  done = 0;
  unconfirmed = 0;
  refused = 0;
  /** Whether a session ended `lost` because its hand-over was not completed. */
  doubted = false;
  readonly #simulation: Simulation;
  // Messages sent while the session was frozen.
  readonly #random: Random;
  /** What was sent while it was frozen. */
  #forwarded: Message[] = [];

  constructor(simulation: Simulation, random: Random) {
    this.#simulation = simulation;
    this.#random = random;
  }

  plan(): void {
    if (this.#simulation.profile.handOver === 'never') return;
    this.#simulation.clock.at(300 + this.#random.below(6000), () => this.#begin());
  }

  /**
   * Returns one of the nodes that have this session at random, because a request cannot know which is right; else the
   * one that had it under another id.
   */
  nodeOf(id: string): number {
    const { nodes } = this.#simulation;
    if (nodes.length === 1) return 0;
    const having = nodes.flatMap(({ registry }, index) => (registry.find(id) ? [index] : []));
    if (having.length > 1) return this.#random.pick(having);
    return having[0] ?? nodes.findIndex(({ registry }) => registry.isFormer(id));
  }

  onEnded({ session }: ServerApplication, { code }: Verdict): void {
    if (session.frozen || code === 'lost') this.doubted ||= this.#simulation.profile.handOver !== 'never';
  }

  #begin(): void {
    const { server, nodes, clock } = this.#simulation;
    const from = nodes.find(({ application }) => application === server);
    const to = nodes.find((node) => node !== from);
    if (!server || !from || !to) {
      if (clock.now < faultsEnd) clock.after(500, () => this.#begin());
      return;
    }
    this.#forwarded = [];
    this.#simulation.do(() => {
      server.session.freeze(
        {
          forward: (message) => this.#forwarded.push(message),
          settled: () => clock.after(0, () => this.#snapshot(server, to)),
        },
        clock.now,
      );
    });
  }

  #snapshot(server: ServerApplication, to: ServerNode): void {
    const { clock } = this.#simulation;
    if (server.session.done) return;
    const text = encodeSnapshot(server.session.snapshot(['room'], { claims: 'ann' }, clock.now));
    const damaged = this.#simulation.profile.handOver === 'doubtful' && this.#random.chance(0.2);
    clock.after(this.#random.below(this.#simulation.profile.handOverMs), () => {
      const restored = this.#restore(damaged ? this.#damage(text) : text, server, to);
      if (restored === damaged) this.#simulation.break(`a ${damaged ? 'damaged' : 'whole'} snapshot: ${restored}`);
    });
  }

  #restore(text: string, server: ServerApplication, to: ServerNode): boolean {
    const { clock } = this.#simulation;
    const snapshot = parseSnapshot(text, () => 0);
    if (!snapshot) {
      this.refused += 1;
      this.#simulation.census.count('snapshot damaged');
      return false;
    }
    const application = this.#simulation.application.sent;
    const known: SessionSnapshot = {
      ...snapshot,
      unacknowledged: snapshot.unacknowledged.map((message) => same(message, server.sent)),
      undelivered: snapshot.undelivered.map((message) => same(message, application)),
    };
    this.#simulation.do(() => {
      to.restore(known, server, clock.now);
      this.#sendForwarded(server, to);
    });
    this.done += 1;
    this.#simulation.census.count('session handed over');
    if (this.#simulation.profile.handOver === 'doubtful' && this.#random.chance(0.5)) {
      this.unconfirmed += 1;
      this.#simulation.census.count('hand-over never confirmed');
      return true;
    }
    clock.after(this.#random.below(800), () => this.#simulation.do(() => server.session.moved(clock.now)));
    if (clock.now < faultsEnd - 2000 && this.#random.chance(0.6))
      clock.after(1000 + this.#random.below(3000), () => this.#begin());
    return true;
  }

  /**
   * Messages sent without a number are numbered here; one that no longer fits is reported to the application, as usual.
   */
  #sendForwarded(server: ServerApplication, to: ServerNode): void {
    const forwarded = this.#forwarded.splice(0);
    server.sent.length -= forwarded.length;
    for (const message of forwarded) if (!to.send(message)) return;
  }

  #damage(text: string): string {
    const at = this.#random.below(text.length);
    return this.#random.chance(0.5)
      ? text.slice(0, at)
      : text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);
  }
}

/** Writes the number into four of the bytes, and leaves valid text, so that a message can be recognized from a copy. */
export function marked(bytes: Uint8Array, number: number): Uint8Array {
  for (let place = 0; place < 4; place += 1) bytes[1 + place] = Math.floor(number / 100 ** place) % 100;
  for (const at of [0, bytes.length >> 1, bytes.length - 1]) bytes[at] = (bytes[at] as number) & 0x7f;
  return bytes;
}

/** Returns the message that this one is a copy of, or itself. */
function same(copy: Message, list: readonly Message[]): Message {
  const { binary, bytes } = copy;
  let number = 0;
  for (let place = 3; place >= 0; place -= 1) number = number * 100 + (bytes[1 + place] as number);
  const original = list[number - 1];
  const equal = original?.binary === binary && original.byteLength === bytes.length;
  return equal && original.bytes.every((byte, at) => byte === bytes[at]) ? original : copy;
}

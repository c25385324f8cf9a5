import type { Verdict } from '@everywire/protocol';
import { encodeSnapshot, type Message, parseSnapshot, type SessionSnapshot } from '@everywire/protocol/internal';
import { faultsEnd } from './profile.js';
import type { Random } from './random.js';
import type { ServerApplication, ServerNode } from './server-node.js';
import type { Simulation } from './simulate.js';

/** Freezes the session on its server node and restores it on the other, while everything else happens (SN-24). */
export class HandOver {
  /** Number of completed hand-overs. */
  done = 0;
  /** Of these, the hand-overs that were never confirmed to the old node. */
  unconfirmed = 0;
  /** Number of damaged snapshots that the new node refused. */
  refused = 0;
  /** Whether a session ended `lost` because its hand-over was not completed. */
  doubted = false;
  readonly #simulation: Simulation;
  readonly #random: Random;
  /** Messages that the server's application sent while the session was frozen. */
  #forwarded: Message[] = [];

  constructor(simulation: Simulation, random: Random) {
    this.#simulation = simulation;
    this.#random = random;
  }

  /** Schedules the first hand-over, if the profile wants any. */
  plan(): void {
    if (this.#simulation.profile.handOver === 'never') return;
    this.#simulation.clock.at(300 + this.#random.below(6000), () => this.#begin());
  }

  /**
   * Returns the index of the node that a request for this session reaches. If several nodes have the session, picks one
   * at random, because a request cannot know which is right. If no node has it, returns the node that had it under
   * another id, or -1.
   */
  nodeOf(id: string): number {
    const { nodes } = this.#simulation;
    if (nodes.length === 1) return 0;
    const having = nodes.flatMap(({ registry }, index) => (registry.find(id) ? [index] : []));
    if (having.length > 1) return this.#random.pick(having);
    return having[0] ?? nodes.findIndex(({ registry }) => registry.isFormer(id));
  }

  /** Called when a session ended at a server node. */
  onEnded({ session }: ServerApplication, { code }: Verdict): void {
    if (session.frozen || code === 'lost') this.doubted ||= this.#simulation.profile.handOver !== 'never';
  }

  /** Freezes the session. Tries again later if there is none. */
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

  /** Sends a snapshot of the frozen session to the other node. It takes some time, and may be damaged. */
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

  /** Restores the session from a snapshot. Returns whether the snapshot was valid. */
  #restore(text: string, server: ServerApplication, to: ServerNode): boolean {
    const { clock } = this.#simulation;
    const snapshot = parseSnapshot(text, () => 0);
    if (!snapshot) {
      this.refused += 1;
      this.#simulation.census.count('snapshot damaged');
      return false;
    }
    const clientSent = this.#simulation.application.sent;
    const known: SessionSnapshot = {
      ...snapshot,
      unacknowledged: snapshot.unacknowledged.map((message) => originalOf(message, server.sent)),
      undelivered: snapshot.undelivered.map((message) => originalOf(message, clientSent)),
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
   * Sends the messages that were forwarded without a number. The new node numbers them. Stops at the first that does not
   * fit into the buffer.
   */
  #sendForwarded(server: ServerApplication, to: ServerNode): void {
    const forwarded = this.#forwarded.splice(0);
    server.sent.length -= forwarded.length;
    for (const message of forwarded) if (!to.send(message)) return;
  }

  /** Cuts the text, or changes one character. */
  #damage(text: string): string {
    const at = this.#random.below(text.length);
    return this.#random.chance(0.5)
      ? text.slice(0, at)
      : text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);
  }
}

/**
 * Writes the number of a message into four of its bytes, in base 100, so that `originalOf` can recognize a copy. All bytes
 * stay below 128, so that they are valid text.
 */
export function marked(bytes: Uint8Array, number: number): Uint8Array {
  for (let place = 0; place < 4; place += 1) bytes[1 + place] = Math.floor(number / 100 ** place) % 100;
  for (const at of [0, bytes.length >> 1, bytes.length - 1]) bytes[at] = (bytes[at] as number) & 0x7f;
  return bytes;
}

/** Returns the message of the list that this one is a copy of; the copy itself if there is none. */
function originalOf(copy: Message, list: readonly Message[]): Message {
  const { binary, bytes } = copy;
  let number = 0;
  for (let place = 3; place >= 0; place -= 1) number = number * 100 + (bytes[1 + place] as number);
  const original = list[number - 1];
  const equal = original?.binary === binary && original.byteLength === bytes.length;
  return equal && original.bytes.every((byte, at) => byte === bytes[at]) ? original : copy;
}

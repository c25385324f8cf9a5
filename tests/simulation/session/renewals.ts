import { faultsEnd } from './profile.js';
import type { Random } from './random.js';
import type { Simulation } from './simulate.js';

/**
 * Lets the session's token expire. The client is asked for a new one, which arrives late or only after the second request
 * (SN-21). A session whose token has expired is suspended until the renewal.
 */
export class Renewals {
  /** Number of renewals. */
  renewed = 0;
  /** Of these, the renewals of a suspended session. */
  resumed = 0;
  readonly #simulation: Simulation;
  readonly #random: Random;

  constructor(simulation: Simulation, random: Random) {
    this.#simulation = simulation;
    this.#random = random;
  }

  /** Called when the session is confirmed. */
  onConfirmed(): void {
    if (this.#simulation.profile.renewals && this.renewed === 0)
      this.#simulation.clock.after(0, () => this.#renew(500 + this.#random.below(4000)));
  }

  /** Called when the client is asked for a token. */
  onAsked(): void {
    const { clock } = this.#simulation;
    if (clock.now < faultsEnd && this.#random.chance(0.4)) return;
    const delay = clock.now < faultsEnd ? this.#random.below(2500) : 20;
    clock.after(delay, () => this.#simulation.whole((client) => client.renew('token', clock.now)));
  }

  /** Called when a token arrives at the server. Its check takes some time, and may refuse it during the faults. */
  onToken(): void {
    const { clock } = this.#simulation;
    const calm = clock.now >= faultsEnd;
    if (!calm && this.#random.chance(0.3)) return;
    const forMs = calm ? 1e6 : 300 + this.#random.below(4000);
    clock.after(calm ? 10 : this.#random.below(600), () => this.#renew(forMs));
  }

  /** Renews the session at the server for this many milliseconds. In half of the cases the session also gets a new id. */
  #renew(forMs: number): void {
    const { server, nodes, clock } = this.#simulation;
    const node = nodes.find(({ application }) => application === server);
    if (!server || !node || server.session.done || server.session.frozen) return;
    this.renewed += 1;
    this.#simulation.census.count('token renewed');
    if (server.session.delivery.isSuspended) {
      this.resumed += 1;
      this.#simulation.census.count('token renewed while suspended');
    }
    this.#simulation.do(() => node.renew(forMs, clock.now));
    if (this.#random.chance(0.5)) this.#simulation.do(() => node.rotate());
  }
}

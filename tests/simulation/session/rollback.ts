import type { ServerApplication } from './server-node.js';
import type { Simulation } from './simulate.js';

/** Restores the server from an older state: the loss must be noticed immediately or never (SN-4). */
export class Rollback {
  /** Counts the restores: requests from before belong to a node that no longer exists. */
  generation = 0;
  readonly #simulation: Simulation;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  plan(): void {
    const { clock, profile } = this.#simulation;
    if (profile.rollback) clock.at(profile.snapshotAt, () => this.#snapshot());
  }

  #snapshot(): void {
    const simulation = this.#simulation;
    const { server, clock, profile } = simulation;
    if (!server || server.session.done) return;
    const node = simulation.node(server);
    const inputs = profile.forgets ? 0 : node.inputs;
    simulation.trace?.('snapshot');
    clock.after(profile.restoredAfterMs, () => {
      if (server.session.done) return;
      simulation.trace?.('restored');
      simulation.rolledBack = true;
      simulation.damagedAt = clock.now;
      this.generation += 1;
      const index = simulation.nodes.indexOf(node);
      simulation.network.cutAll();
      simulation.census.count('server restored from an older state');
      const restored = node.restored(inputs, simulation.outputs(index), clock.now);
      simulation.nodes[index] = restored;
      const { application } = restored;
      const known = (one: ServerApplication | undefined): number => (one ? one.got.length + one.sent.length : 0);
      if (!application) simulation.census.count('server restored with an empty state');
      else if (known(application) < known(server)) simulation.census.count('server restored without later messages');
      for (const _ of application?.queue ?? []) simulation.settleServer(application as ServerApplication);
      if (clock.now >= simulation.closedAt && simulation.profile.closer === 'server') restored.close();
    });
  }
}

import type { ServerApplication } from './server-node.js';
import type { Simulation } from './simulate.js';

/** Restores the server from an older state, as after a crash. The ends must notice the loss of any message (SN-4). */
export class Rollback {
  /** Number of restores. What an earlier node scheduled is ignored, because that node no longer exists. */
  generation = 0;
  readonly #simulation: Simulation;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** Schedules the rollback, if the profile wants one. */
  plan(): void {
    const { clock, profile } = this.#simulation;
    if (profile.rollback) clock.at(profile.snapshotAt, () => this.#snapshot());
  }

  /** Remembers the current state of the server by its number of inputs, and restores it later. */
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
      const messagesOf = (side: ServerApplication | undefined): number =>
        side ? side.got.length + side.sent.length : 0;
      if (!application) simulation.census.count('server restored with an empty state');
      else if (messagesOf(application) < messagesOf(server))
        simulation.census.count('server restored without later messages');
      for (const _ of application?.queue ?? []) simulation.settleServer(application as ServerApplication);
      if (clock.now >= simulation.closedAt && simulation.profile.closer === 'server') restored.close();
    });
  }
}

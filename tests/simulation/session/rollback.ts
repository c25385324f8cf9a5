import type { ServerApplication } from './server-node.js';
import type { Simulation } from './simulate.js';

/** The server is restored from an older state: what it has forgotten has to be noticed, at once or never (SN-4). */
export class Rollback {
  /** How often: what was asked for before belongs to a node that is no more. */
  generation = 0;
  readonly #simulation: Simulation;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  plan(): void {
    const { clock, random, profile } = this.#simulation;
    if (profile.rollback) clock.at(2000 + random.below(5000), () => this.#snapshot());
  }

  #snapshot(): void {
    const simulation = this.#simulation;
    const { server, clock } = simulation;
    if (!server || server.session.done) return;
    const node = simulation.node(server);
    const { inputs } = node;
    simulation.trace?.('snapshot');
    clock.after(simulation.random.below(2000), () => {
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
      if (known(application) < known(server)) simulation.census.count('server restored, messages forgotten');
      for (const _ of application?.queue ?? []) simulation.settleServer(application as ServerApplication);
      if (clock.now >= simulation.closedAt && simulation.profile.closer === 'server') restored.close();
    });
  }
}

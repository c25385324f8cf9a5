import type { ClientSession } from '@everywire/protocol/internal';
import type { FaultName } from './census.js';
import { faultsEnd } from './profile.js';
import type { Simulation } from './simulate.js';

/**
 * Disturbs the client at random until the faults end: switches transports, wakes the client as after sleep, hides its
 * page, and sends topic resets. Called once; schedules its next call itself.
 */
export function disturb(simulation: Simulation): void {
  const { clock, random, profile, census } = simulation;
  if (!profile.restless) return;
  if (clock.now > faultsEnd) {
    simulation.whole((whole) => whole.hidden(false, clock.now));
    return;
  }
  simulation.mode = simulation.pickTransport();
  const kind = random.below(12);
  if (kind === 0) {
    census.count('client woken');
    simulation.whole((whole) => whole.wake(clock.now));
  } else if (kind === 1) {
    const hidden = random.chance(0.5);
    if (hidden) census.count('client hidden');
    simulation.whole((whole) => whole.hidden(hidden, clock.now));
  } else if (kind === 2) reset(simulation, `topic ${random.below(3)}`);
  else simulation.whole((whole) => switchOver(simulation, whole));
  clock.after(100 + random.below(2500), () => disturb(simulation));
}

/** Lets the client open a second transport at the same time as the first. */
export function race(simulation: Simulation): void {
  const transport = simulation.pickTransport();
  simulation.whole((whole) => {
    if (!whole.id && !whole.flow.done) simulation.census.count('several transports raced to open');
    whole.race(transport, simulation.clock.now);
  });
}

/** Switches the client to the transport `mode`. */
function switchOver({ census, mode, clock }: Simulation, whole: ClientSession): void {
  const { attached, current } = whole.manager.links;
  const from = attached ? current?.kind : undefined;
  if (from && from !== mode.kind && whole.id) census.count(`${from} to ${mode.kind}` as FaultName);
  whole.switchTo(mode, clock.now);
}

/** Lets the server send a reset: a record which says that the client may have missed publications on a topic. */
function reset(simulation: Simulation, topic: string): void {
  const { server, profile, census, resetsSent, resetsHeard } = simulation;
  if (!server || server.session.done || server.session.frozen || profile.rollback) return;
  census.count('topic reset');
  simulation.do(() => simulation.node(server).reset(topic));
  resetsSent.set(topic, (resetsSent.get(topic) ?? 0) + 1);
  resetsHeard.delete(topic);
}

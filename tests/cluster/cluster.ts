import { chatLimits } from '@everywire/chat';
import { createLossyBroker, type FrameExchange, type LossyBroker } from '@everywire/testkit';
import { type PlaceStore, type TestPerson, TestPlace, type TestPlaceOptions } from '../chat-server/test-place.js';

/** Milliseconds between two heartbeats of the broker, by which it detects a lost message. */
const heartbeatMs = 1_000;

/** What a cluster consists of. */
export interface ClusterPlan {
  readonly nodes: number;
  /** The names of the people. */
  readonly people: readonly string[];
  /** A store of one database for each node. Default: one new store for all. */
  readonly stores?: readonly PlaceStore[];
}

/**
 * Several chat servers (nodes) in one process, over one store. The broker of each carries messages to the others, and can
 * lose, delay or repeat them.
 */
export interface Cluster {
  readonly nodes: readonly { readonly place: TestPlace; readonly broker: LossyBroker }[];
  readonly people: readonly TestPerson[];
  stop(): Promise<void>;
}

/**
 * Starts the servers, and registers people. Groups of more than three members are large. After a loss, devices fetch all
 * changes at random times within half a second.
 */
export async function startCluster(
  { nodes: count, people: names, stores = [] }: ClusterPlan,
  options: TestPlaceOptions = {},
): Promise<Cluster> {
  const exchange: FrameExchange = new Set();
  const nodes: { readonly place: TestPlace; readonly broker: LossyBroker }[] = [];
  for (let node = 0; node < count; node += 1) {
    const broker = createLossyBroker(exchange, { heartbeatMs, key: 'the key of all nodes in these tests' });
    const store = stores[node] ?? nodes[0]?.place.store;
    const place = await TestPlace.start({
      chatLimits: { ...chatLimits, smallMembersMax: 3 },
      ...options,
      limits: { resyncSpreadMs: 500, ...options.limits },
      ...(store !== undefined && { store }),
      broker,
    });
    nodes.push({ place, broker });
  }
  const people: TestPerson[] = [];
  for (const name of names) people.push(await nodes[0]!.place.register(name));
  return {
    nodes,
    people,
    async stop(): Promise<void> {
      for (const { place, broker } of nodes.toReversed()) {
        await place.stop();
        await broker.close();
      }
    },
  };
}

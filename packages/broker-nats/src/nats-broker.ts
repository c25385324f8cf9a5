import { type BroadcastOptions, createBroadcastBroker } from '@everywire/broker-broadcast';
import type { Broker } from '@everywire/server';
import { type CarrierOptions, NatsCarrier } from './nats-carrier.js';

export type NatsBrokerOptions = BroadcastOptions & CarrierOptions;

/**
 * Creates a broker over core NATS: one connection, one subscription on one subject. The connection is made again by itself.
 *
 * In a cluster of servers a new subscription reaches the other servers some milliseconds after this resolves: a publication of that moment may be missed, which
 * `onGap` reports.
 *
 * @throws BrokerError `broker_unreachable` when no server answers, or when a server refuses the credentials or the subject
 */
export async function createNatsBroker(options: NatsBrokerOptions): Promise<Broker> {
  return createBroadcastBroker(await NatsCarrier.connect(options), options);
}

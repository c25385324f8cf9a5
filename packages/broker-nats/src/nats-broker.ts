import { type BroadcastOptions, createBroadcastBroker } from '@everywire/broker-broadcast';
import type { Broker } from '@everywire/server';
import { NatsCarrier, type NatsCarrierOptions } from './nats-carrier.js';

/** Options of `createNatsBroker`. */
export type NatsBrokerOptions = BroadcastOptions & NatsCarrierOptions;

/**
 * Creates a broker over core NATS: one connection, one subscription on one subject. It reconnects by itself.
 *
 * In a cluster of servers, a new subscription reaches the other servers some milliseconds after this resolves. A publication in that time may be missed; `onGap`
 * reports it.
 *
 * @throws BrokerError `broker_unreachable` when no server answers, or when a server refuses the credentials or the subject
 */
export async function createNatsBroker(options: NatsBrokerOptions): Promise<Broker> {
  return createBroadcastBroker(await NatsCarrier.connect(options), options);
}

import { type BroadcastOptions, createBroadcastBroker } from '@everywire/broker-broadcast';
import { checkKey } from '@everywire/broker-broadcast/internal';
import type { Broker } from '@everywire/server';
import { NatsCarrier, type NatsCarrierOptions } from './nats-carrier.js';

/** Options of `createNatsBroker`. */
export type NatsBrokerOptions = BroadcastOptions & NatsCarrierOptions;

/**
 * Creates a broker over core NATS (a message service) with one connection and one subscription to one subject. It
 * reconnects by itself.
 *
 * In a cluster of NATS servers, a new subscription reaches the other servers some milliseconds after the promise
 * resolves. A publication in that time may be missed; `onGap` reports it.
 *
 * @throws BrokerError `broker_unreachable` if no server answers, or if a server refuses the credentials or the subject;
 * `key_too_short`
 */
export async function createNatsBroker(options: NatsBrokerOptions): Promise<Broker> {
  checkKey(options.key);
  return createBroadcastBroker(await NatsCarrier.connect(options), options);
}

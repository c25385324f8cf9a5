import { type BroadcastOptions, createBroadcastBroker } from '@everywire/broker-broadcast';
import type { Broker } from '@everywire/server';
import { PostgresCarrier, type PostgresCarrierOptions } from './postgres-carrier.js';

/** Options of `createPostgresBroker`. */
export type PostgresBrokerOptions = BroadcastOptions & PostgresCarrierOptions;

/**
 * Creates a broker over LISTEN and NOTIFY. It needs no service besides the database and suits two to four nodes. It holds one connection and reconnects by itself.
 *
 * @throws BrokerError `broker_unreachable` when the database does not answer, or when notifications do not arrive, as through a pooler in transaction mode
 */
export async function createPostgresBroker(options: PostgresBrokerOptions): Promise<Broker> {
  return createBroadcastBroker(await PostgresCarrier.connect(options), options);
}

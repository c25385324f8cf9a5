import { type BroadcastOptions, createBroadcastBroker } from '@everywire/broker-broadcast';
import type { Broker } from '@everywire/server';
import { type CarrierOptions, PostgresCarrier } from './postgres-carrier.js';

export type PostgresBrokerOptions = BroadcastOptions & CarrierOptions;

/**
 * A broker over LISTEN and NOTIFY: no further service, for two to four nodes over one database. It holds one connection, which is made again by itself.
 *
 * @throws BrokerError `broker_unreachable` where the database does not answer, or what is notified does not come back, as through a pooler that lends
 * connections for a transaction
 */
export async function createPostgresBroker(options: PostgresBrokerOptions): Promise<Broker> {
  return createBroadcastBroker(await PostgresCarrier.connect(options), options);
}

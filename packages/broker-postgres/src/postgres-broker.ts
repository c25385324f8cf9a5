import { type BroadcastOptions, createBroadcastBroker } from '@everywire/broker-broadcast';
import { checkKey } from '@everywire/broker-broadcast/internal';
import type { Broker } from '@everywire/server';
import { PostgresCarrier, type PostgresCarrierOptions } from './postgres-carrier.js';

/** Options of `createPostgresBroker`. */
export type PostgresBrokerOptions = BroadcastOptions & PostgresCarrierOptions;

/**
 * Creates a broker over LISTEN and NOTIFY, the notifications of PostgreSQL. It needs no service besides the database
 * and suits two to four nodes. It uses one connection and reconnects by itself.
 *
 * @throws BrokerError `broker_unreachable` if the database does not answer, or if notifications do not arrive, which is
 * so through a connection pooler in transaction mode; `key_too_short`
 */
export async function createPostgresBroker(options: PostgresBrokerOptions): Promise<Broker> {
  checkKey(options.key);
  return createBroadcastBroker(await PostgresCarrier.connect(options), options);
}

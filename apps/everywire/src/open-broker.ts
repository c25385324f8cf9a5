import type { ChatServerOptions, Logger } from '@everywire/chat-server';
import { StoreKeys } from '@everywire/chat-server/internal';
import { createBrokerEvents } from './broker-events.js';
import type { Config } from './settings.js';

type Broker = NonNullable<ChatServerOptions['broker']>;

/**
 * Opens the broker between the servers of one database; returns `null` with SQLite, which has one server. Loads only
 * the configured broker. The servers trust each other by a key of their store.
 */
export async function openBroker(
  config: Config,
  accounts: ChatServerOptions['accounts'],
  log: Logger,
): Promise<Broker | null> {
  if (config.EVERYWIRE_POSTGRES === '') return null;
  const options = { key: await new StoreKeys(accounts).of('broker'), ...createBrokerEvents(log) };
  if (config.EVERYWIRE_NATS.length > 0) {
    const { createNatsBroker } = await import('@everywire/broker-nats');
    return createNatsBroker({ servers: config.EVERYWIRE_NATS, ...options });
  }
  const { createPostgresBroker } = await import('@everywire/broker-postgres');
  return createPostgresBroker({ url: config.EVERYWIRE_POSTGRES, ...options });
}

import type { ChatServerOptions, Logger } from '@everywire/chat-server';
import type { Config } from './settings.js';

type Broker = NonNullable<ChatServerOptions['broker']>;

/**
 * Opens the broker between the servers of one database; returns `null` with SQLite, which has one server. Loads only
 * the configured broker.
 */
export async function openBroker(config: Config, log: Logger): Promise<Broker | null> {
  if (config.EVERYWIRE_POSTGRES === '') return null;
  const events = { onContact: contactEvents(log), onGone: goneEvents(log) };
  if (config.EVERYWIRE_NATS.length > 0) {
    const { createNatsBroker } = await import('@everywire/broker-nats');
    return createNatsBroker({ servers: config.EVERYWIRE_NATS, ...events });
  }
  const { createPostgresBroker } = await import('@everywire/broker-postgres');
  return createPostgresBroker({ url: config.EVERYWIRE_POSTGRES, ...events });
}

function contactEvents(log: Logger): (isThere: boolean, reason: Error | null) => void {
  return (isThere, reason) => {
    if (isThere) log.info('broker_lost_over: This server exchanges messages with the other servers again.');
    else
      log.error(
        `broker_lost: This server cannot exchange messages with the other servers (${reason?.message ?? 'the connection ended'}). ` +
          'No message is lost; users of other servers see them up to half a minute late. Retrying every few seconds.',
      );
  };
}

function goneEvents(log: Logger): (count: number) => void {
  let before = 0;
  return (count) => {
    if (count > before)
      log.warn(
        'server_gone: Another server on this database no longer responds and did not announce a stop. If it is running, check the ' +
          'connection between the servers; its messages arrive here up to a minute late.',
      );
    before = count;
  };
}

import type { Logger } from '@everywire/chat-server';

/** What a broker between the servers of one store reports. */
export interface BrokerEvents {
  readonly onContact: (isThere: boolean, reason: Error | null) => void;
  readonly onGone: (count: number) => void;
  readonly onRefused: (count: number) => void;
}

/** Writes what a broker reports to the log. */
export function createBrokerEvents(log: Logger): BrokerEvents {
  let goneBefore = 0;
  return {
    onContact: (isThere, reason) => {
      if (isThere) log.info('broker_lost_over: This server exchanges messages with the other servers again.');
      else
        log.error(
          `broker_lost: This server cannot exchange messages with the other servers (${reason?.message ?? 'the connection ended'}). ` +
            'No message is lost; users of other servers see them up to half a minute late. Retrying every few seconds.',
        );
    },
    onGone: (count) => {
      if (count > goneBefore)
        log.warn(
          'server_gone: Another server on this database no longer responds and did not announce a stop. If it is running, check the ' +
            'connection between the servers; its messages arrive here up to a minute late.',
        );
      goneBefore = count;
    },
    onRefused: (count) =>
      log.warn(
        `frames_refused: ${count === 1 ? 'A message that no running server of this store sent was' : `${count} messages that no running server of this store sent were`} ` +
          'received between the servers and ignored. If a server has another version or another store, update it or give it ' +
          'another database or NATS account. Otherwise find out who may write there.',
      ),
  };
}

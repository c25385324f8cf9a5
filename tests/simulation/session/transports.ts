import type { Transport } from '@everywire/protocol/internal';

const kinds = ['duplex', 'stream', 'poll'] as const;

/** One transport of each kind, because a session treats transports of one kind equally. */
export const transports: readonly Transport[] = kinds.map((kind) => ({ name: kind, kind }));

/** The same, for a client that sends request bodies by a form and cannot read their answers ("blind"). */
export const blindTransports: readonly Transport[] = transports.map((transport) =>
  transport.kind === 'duplex' ? transport : { ...transport, blind: true },
);

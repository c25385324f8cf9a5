import type { Transport } from '@everywire/protocol/internal';

const kinds = ['duplex', 'stream', 'poll'] as const;

/** One transport of each kind, because the machine knows only the kind. */
export const transports: readonly Transport[] = kinds.map((kind) => ({ name: kind, kind }));

/** The same for bodies sent by a form, whose answer cannot be read. */
export const blindTransports: readonly Transport[] = transports.map((one) =>
  one.kind === 'duplex' ? one : { ...one, blind: true },
);

import { WireError } from '@everywire/protocol';
import type { Failure } from '@everywire/protocol/internal';

/** Returns the error with which a promise of the application is rejected. @param signal the one that may have aborted it */
export function toWireError(
  { code, unknown, remote, text }: Failure & { readonly text?: string },
  transport: string | null,
  signal: AbortSignal | undefined,
): WireError {
  return new WireError(code, {
    side: remote ? 'server' : 'client',
    transport,
    unknown,
    ...(text && { message: text }),
    ...(code === 'aborted' && { cause: signal?.reason }),
  });
}

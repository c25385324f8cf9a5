import type { Verdict } from '@everywire/protocol';

/** As in protocol's table, 4000 to 4499 are final and 4500 to 4999 say that a new session may do better. */
const codes: Readonly<Record<string, number>> = {
  unauthorized: 4001,
  revoked: 4002,
  hostile: 4003,
  lost: 4500,
  expired: 4501,
  timeout: 4502,
  overflow: 4503,
  shutdown: 4504,
};

/** The `code` of the close event: that of the verdict's own code; of one not listed 1000 where the end was clean, else 4000. */
export function closeCodeOf({ clean, code }: Verdict): number {
  return codes[code] ?? (clean ? 1000 : 4000);
}

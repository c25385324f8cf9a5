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
};

/** The `code` of the close event: 1000 for a clean end, else by the verdict's own code, 4000 for one not listed. */
export function closeCodeOf({ clean, code }: Verdict): number {
  return clean ? 1000 : (codes[code] ?? 4000);
}

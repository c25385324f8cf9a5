import type { Verdict } from '@everywire/protocol';

/** As in the protocol's table, 4000 to 4499 are final, and 4500 to 4999 mean that a new session may succeed. */
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

/** Returns the `code` of the close event for a verdict. An unlisted code yields 1000 if the end was clean, otherwise 4000. */
export function closeCodeOf({ clean, code }: Verdict): number {
  return codes[code] ?? (clean ? 1000 : 4000);
}

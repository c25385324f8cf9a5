import type { Verdict } from '@everywire/protocol';

/**
 * The WebSocket close codes of verdicts (reasons why a session ended), as in the protocol's table. After 4000 to 4499,
 * a new session would fail too. After 4500 to 4999, a new session may succeed.
 */
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

/**
 * Returns the `code` of the close event for a verdict. For a verdict that is not listed, returns 1000 (normal closure)
 * if the end was clean, otherwise 4000.
 */
export function closeCodeOf({ clean, code }: Verdict): number {
  return codes[code] ?? (clean ? 1000 : 4000);
}

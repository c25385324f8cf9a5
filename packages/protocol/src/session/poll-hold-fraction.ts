/**
 * Returns the part of a heartbeat for which a poll is held (waits for messages), from 0.9 to 1 (SN-15). It depends on
 * the session, by the end of its nonce, and on the number of the poll. Otherwise polls that arrived together after a
 * restart would always arrive together. The multiplication by the golden ratio spreads consecutive numbers evenly.
 */
export function pollHoldFraction(nonce: string, n: number): number {
  let spread = n;
  for (const unit of nonce.slice(-4)) spread = (spread * 31 + unit.charCodeAt(0)) % 65_521;
  return 0.9 + ((spread * 0.618_034) % 1) / 10;
}

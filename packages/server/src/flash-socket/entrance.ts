import type { Socket } from 'node:net';
import { type FlashPolicy, POLICY_REQUEST, policyFile } from './wording.js';

/**
 * Answers a Flash player that asks on the raw TCP port whether it may connect: with one policy, where the operator has written one.
 * A movie that may connects like any client of raw TCP, with a connection of its own.
 *
 * @throws TypeError where the policy is none
 */
export function createFlashEntrance(
  policy: FlashPolicy | undefined,
): (bytes: Uint8Array, socket: Socket) => 'more' | 'taken' | 'foreign' {
  if (policy === undefined) return () => 'foreign';
  // Wrong words are told at once, not to the first who asks.
  policyFile(policy, 1);
  return (bytes, socket) => {
    if (bytes.length > POLICY_REQUEST.length) return 'foreign';
    if (POLICY_REQUEST.compare(bytes, 0, bytes.length, 0, bytes.length) !== 0) return 'foreign';
    if (bytes.length < POLICY_REQUEST.length) return 'more';
    socket.write(policyFile(policy, socket.localPort ?? 0), 'latin1');
    return 'taken';
  };
}

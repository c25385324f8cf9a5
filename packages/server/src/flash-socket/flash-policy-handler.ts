import type { Socket } from 'node:net';
import { type FlashPolicy, POLICY_REQUEST, policyFile } from './wording.js';

/**
 * Creates the handler of first bytes on the raw TCP port that are no hello. It answers a Flash player that requests the socket policy,
 * if the operator has configured one. A movie (Flash program) that the policy admits then opens a separate connection like any raw TCP
 * client. The handler returns `taken` if it has answered, `more` if the request is incomplete, `foreign` for anything else.
 *
 * @throws TypeError for a malformed policy
 */
export function createFlashPolicyHandler(
  policy: FlashPolicy | undefined,
): (bytes: Uint8Array, socket: Socket) => 'more' | 'taken' | 'foreign' {
  if (policy === undefined) return () => 'foreign';
  // Reports a malformed policy now, not at the first request.
  policyFile(policy, 1);
  return (bytes, socket) => {
    if (bytes.length > POLICY_REQUEST.length) return 'foreign';
    if (POLICY_REQUEST.compare(bytes, 0, bytes.length, 0, bytes.length) !== 0) return 'foreign';
    if (bytes.length < POLICY_REQUEST.length) return 'more';
    socket.write(policyFile(policy, socket.localPort ?? 0), 'latin1');
    return 'taken';
  };
}

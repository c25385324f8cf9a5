/** Which Flash movies may connect to the raw TCP port. */
export interface FlashPolicy {
  /** Hosts from which movies may come, such as `chat.example.org`: exact names or addresses. */
  readonly domains: readonly string[];
  /** Ports to which the movies may connect. Default: the port on which the policy was requested. */
  readonly ports?: readonly number[];
}

/** The request that a Flash player sends before it lets a movie connect: exactly these 23 bytes. */
export const POLICY_REQUEST: Buffer = Buffer.from('<policy-file-request/>\0', 'latin1');

/** Maximum entries of each list. */
const ENTRIES_MAX = 20;

/**
 * Returns the policy file with its terminating NUL. Lists domains and ports individually: a wildcard would let any page
 * make its visitors connect.
 *
 * @throws TypeError for a malformed domain or port, including a wildcard
 */
export function policyFile({ domains, ports = [] }: FlashPolicy, localPort: number): string {
  const list = ports.length > 0 ? ports : [localPort];
  check(domains, (domain) => /^[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?$/i.test(domain), 'flashPolicy.domains');
  check(list, (port) => Number.isInteger(port) && port > 0 && port <= 65_535, 'flashPolicy.ports');
  const toPorts = list.join(',');
  const rules = domains.map((domain) => `<allow-access-from domain="${domain}" to-ports="${toPorts}"/>`);
  return `<?xml version="1.0"?><cross-domain-policy>${rules.join('')}</cross-domain-policy>\0`;
}

function check<T>(entries: readonly T[], isGood: (entry: T) => boolean, name: string): void {
  const bad = entries.find((entry) => !isGood(entry));
  if (bad !== undefined)
    throw new TypeError(`${name}: ${JSON.stringify(bad)} is not valid; list each one without wildcards`);
  if (entries.length === 0 || entries.length > ENTRIES_MAX)
    throw new TypeError(`${name}: must have 1 to ${ENTRIES_MAX} entries`);
}

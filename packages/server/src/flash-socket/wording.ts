/** Who may connect to the raw TCP port from a Flash movie. */
export interface FlashPolicy {
  /** Hosts that movies come from, `chat.example.org`: exact names or addresses. */
  readonly domains: readonly string[];
  /** Ports they may connect to. Default: the one that they asked on. */
  readonly ports?: readonly number[];
}

/** What a Flash player sends before it lets a movie connect: these 23 bytes, and no more. */
export const POLICY_REQUEST: Buffer = Buffer.from('<policy-file-request/>\0', 'latin1');

/** Entries of each list: a policy is small, and nobody has more. */
const ENTRIES_MAX = 20;

/**
 * The policy file with the NUL that ends it. Domains and ports are named one by one: with a wildcard any page on the net could make its
 * visitors connect.
 *
 * @throws TypeError for a domain or a port that is none, a wildcard among them
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
  if (bad !== undefined) throw new TypeError(`${name}: ${JSON.stringify(bad)} is none; they are named one by one`);
  if (entries.length === 0 || entries.length > ENTRIES_MAX) throw new TypeError(`${name}: 1 to ${ENTRIES_MAX} of them`);
}

import type { Link } from '@everywire/chat';
import { compareText } from './compare-text.js';

interface KeptLink {
  readonly link: Link;
  readonly secretHash: string;
}

const answeredMax = 100;

/** The links of `MemoryAccounts`. */
export class MemoryLinks {
  readonly #links = new Map<string, KeptLink>();

  create({ secretHash, ...link }: Omit<Link, 'uses'> & { readonly secretHash: string }): void {
    for (const [id, { link: known }] of this.#links) {
      const replaced = known.kind === link.kind && known.user === link.user;
      if (replaced && (link.kind === 'setup' || link.kind === 'reset')) this.#links.delete(id);
    }
    this.#links.set(link.id, { link: { ...link, uses: 0 }, secretHash });
  }

  find(secretHash: string, now: number): Link | null {
    const kept = [...this.#links.values()].find((candidate) => candidate.secretHash === secretHash);
    return kept !== undefined && isUsable(kept.link, now) ? kept.link : null;
  }

  use(link: Link): Link {
    const used = { ...link, uses: link.uses + 1 };
    const kept = this.#links.get(link.id);
    if (kept !== undefined) this.#links.set(link.id, { ...kept, link: used });
    return used;
  }

  invitations(user: number | null, now: number): readonly Link[] {
    return [...this.#links.values()]
      .map(({ link }) => link)
      .filter((link) => link.kind === 'account' || link.kind === 'guest')
      .filter((link) => isUsable(link, now) && (user === null || link.user === user))
      .sort((a, b) => a.createdAt - b.createdAt || compareText(a.id, b.id))
      .slice(0, answeredMax);
  }

  revoke(id: string, by: number | null): boolean {
    const kept = this.#links.get(id);
    if (kept === undefined || (by !== null && kept.link.user !== by)) return false;
    return this.#links.delete(id);
  }
}

function isUsable(link: Link, now: number): boolean {
  return now < link.expiresAt && link.uses < link.usesMax;
}

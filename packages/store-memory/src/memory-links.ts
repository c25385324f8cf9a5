import type { AccountLink, AccountLinkKind, LinkPosition } from '@everywire/chat';
import { compareText } from './compare-text.js';

interface KeptLink {
  readonly link: AccountLink;
  readonly secretHash: string;
}

/** The links of `MemoryAccounts`. */
export class MemoryLinks {
  readonly #links = new Map<string, KeptLink>();
  readonly #isActive: (user: number) => boolean;

  constructor(isActive: (user: number) => boolean) {
    this.#isActive = isActive;
  }

  create(
    { secretHash, ...link }: Omit<AccountLink, 'uses'> & { readonly secretHash: string },
    invitationsMax: number = Number.POSITIVE_INFINITY,
  ): 'created' | 'not_active' | 'too_many' {
    const invites = link.kind === 'account' || link.kind === 'guest';
    if (link.user !== null && !this.#isActive(link.user)) return 'not_active';
    if (invites && this.#open(link.user, link.createdAt).length >= invitationsMax) return 'too_many';
    for (const [id, { link: known }] of this.#links) {
      const replaced = known.kind === link.kind && known.user === link.user;
      if (replaced && !invites) this.#links.delete(id);
    }
    this.#links.set(link.id, { link: { ...link, uses: 0 }, secretHash });
    return 'created';
  }

  find(secretHash: string, now: number): AccountLink | null {
    const kept = [...this.#links.values()].find((candidate) => candidate.secretHash === secretHash);
    return kept !== undefined && this.#isUsable(kept.link, now) ? kept.link : null;
  }

  use(link: AccountLink): AccountLink {
    const used = { ...link, uses: link.uses + 1 };
    const kept = this.#links.get(link.id);
    if (kept !== undefined) this.#links.set(link.id, { ...kept, link: used });
    return used;
  }

  invitations(
    user: number | null,
    now: number,
    { after, limit }: { readonly after: LinkPosition | null; readonly limit: number },
  ): readonly AccountLink[] {
    return this.#open(user, now)
      .filter((link) => after === null || byAge(link, after) > 0)
      .slice(0, limit);
  }

  #open(user: number | null, now: number): readonly AccountLink[] {
    return [...this.#links.values()]
      .map(({ link }) => link)
      .filter((link) => link.kind === 'account' || link.kind === 'guest')
      .filter((link) => this.#isUsable(link, now) && (user === null || link.user === user))
      .sort(byAge);
  }

  revoke(id: string, by: number | null): boolean {
    const kept = this.#links.get(id);
    if (kept === undefined || (by !== null && kept.link.user !== by)) return false;
    return this.#links.delete(id);
  }

  /** Ends links of one person, of all kinds or of some. */
  endOf(user: number, kinds: readonly AccountLinkKind[]): void {
    for (const [id, { link }] of this.#links)
      if (link.user === user && kinds.includes(link.kind)) this.#links.delete(id);
  }

  #isUsable(link: AccountLink, now: number): boolean {
    return now < link.expiresAt && link.uses < link.usesMax && (link.user === null || this.#isActive(link.user));
  }
}

function byAge(a: LinkPosition, b: LinkPosition): number {
  return a.createdAt - b.createdAt || compareText(a.id, b.id);
}

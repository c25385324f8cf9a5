import type { ChatLimits } from './limits.js';

/**
 * Limits that every server node may set for itself, because each bounds one answer, one session or one process. All
 * other limits must be the same on all nodes, because stored data depends on them, or because a user's permissions
 * would depend on the node.
 */
const ofOneNode = [
  'pageRowsMax',
  'changesRowsMax',
  'changesBumpsMax',
  'listEntriesMax',
  'listChangedMax',
  'bootstrapEntries',
  'heirsAvoidedMax',
  'membersPageMax',
  'namesMax',
  'directoryPageMax',
  'usersPageMax',
  'searchRowsMax',
  'threadsPageMax',
  'searchCharactersMax',
  'previewStepsMax',
  'needsRowsMax',
  'watchedConversationsMax',
  'watchedUsersMax',
  'presenceLeasesMax',
  'receiptIntervalMs',
] as const satisfies readonly (keyof ChatLimits)[];

/** A limit for which another node has a different value. */
export interface DifferingLimit {
  readonly limit: keyof ChatLimits;
  /** The value that is in use. */
  readonly held: number;
  /** The value that the opening node has. */
  readonly asked: number;
}

/** Thrown when a node opens data with other limits than the nodes that already have it open. Nothing is opened then. */
export class LimitsDifferError extends Error {
  readonly code: 'limits_differ';
  readonly differing: readonly DifferingLimit[];

  constructor(differing: readonly DifferingLimit[]) {
    const named = differing.map(({ limit, held, asked }) => `${limit} is ${held} there and ${asked} here`);
    super(
      `Other nodes have this data open with other limits: ${named.join(', ')}. Give all nodes the same, or stop the others first.`,
    );
    this.name = 'LimitsDifferError';
    this.code = 'limits_differ';
    this.differing = differing;
  }
}

/** Checks that a node with the limits `asked` can join others with the limits `held`. @throws LimitsDifferError */
export function requireAgreement(held: ChatLimits, asked: ChatLimits): void {
  const own: ReadonlySet<string> = new Set(ofOneNode);
  const differing = (Object.keys(held) as (keyof ChatLimits)[])
    .filter((limit) => !own.has(limit) && held[limit] !== asked[limit])
    .map((limit) => ({ limit, held: held[limit], asked: asked[limit] }));
  if (differing.length > 0) throw new LimitsDifferError(differing);
}

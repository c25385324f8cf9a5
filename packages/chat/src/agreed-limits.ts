import type { ChatLimits } from './limits.js';

/**
 * Limits that every node of a place may set for itself: they bound one answer, one session or one process. All others have to be the same on all
 * nodes, because data are written by them, or because it would depend on the node what a person may do.
 */
const ofOneNode = [
  ...(['pageRowsMax', 'changesRowsMax', 'changesBumpsMax', 'listEntriesMax', 'listChangedMax'] as const),
  ...([
    'bootstrapEntries',
    'heirsAvoidedMax',
    'membersPageMax',
    'namesMax',
    'directoryPageMax',
    'usersPageMax',
  ] as const),
  ...(['searchRowsMax', 'threadsPageMax', 'searchCharactersMax', 'previewStepsMax', 'needsRowsMax'] as const),
  ...(['watchedConversationsMax', 'watchedUsersMax', 'presenceLeasesMax', 'receiptIntervalMs'] as const),
] as const satisfies readonly (keyof ChatLimits)[];

/** One limit that another node has otherwise. */
export interface DifferingLimit {
  readonly limit: keyof ChatLimits;
  /** What the data is kept by at present. */
  readonly held: number;
  readonly asked: number;
}

/** Thrown where data is to be opened with other limits than those by which other nodes have it open. Nothing is opened then. */
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

/** @throws LimitsDifferError where a node that asks for these limits cannot join others that hold those */
export function requireAgreement(held: ChatLimits, asked: ChatLimits): void {
  const own: ReadonlySet<string> = new Set(ofOneNode);
  const differing = (Object.keys(held) as (keyof ChatLimits)[])
    .filter((limit) => !own.has(limit) && held[limit] !== asked[limit])
    .map((limit) => ({ limit, held: held[limit], asked: asked[limit] }));
  if (differing.length > 0) throw new LimitsDifferError(differing);
}

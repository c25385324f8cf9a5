import type { Finding, FindingCode, Report } from '../report.js';

/** What one finding is, and what somebody can change. */
export interface FindingText {
  /** One or two sentences. */
  readonly what: string;
  /** Each something to do, for whoever runs what it names; the likeliest first. */
  readonly change: readonly string[];
}

export type FindingWords = Readonly<Record<FindingCode, (evidence: Finding['evidence']) => FindingText>>;

/** One language. */
export interface Words {
  readonly clear: (roundTripMs: number) => string;
  readonly hindered: (transport: string) => string;
  readonly transports: Readonly<Record<NonNullable<Report['transport']>, string>>;
  readonly blocked: string;
  readonly findings: FindingWords;
}

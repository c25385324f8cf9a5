import type { Finding, FindingCode, Report } from '../report.js';

/** Text of a finding: the problem, and possible changes. */
export interface FindingText {
  /** One or two sentences. */
  readonly what: string;
  /** Possible changes, the likeliest first, for the operators of what they name. */
  readonly change: readonly string[];
}

/** Texts of all findings. */
export type FindingWords = Readonly<Record<FindingCode, (evidence: Finding['evidence']) => FindingText>>;

/** Texts of one language. */
export interface Words {
  readonly clear: (roundTripMs: number) => string;
  readonly hindered: (transport: string) => string;
  readonly transports: Readonly<Record<NonNullable<Report['transport']>, string>>;
  readonly blocked: string;
  readonly findings: FindingWords;
}

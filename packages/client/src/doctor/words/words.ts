import type { Finding, FindingCode, Report } from '../report.js';

/** Text of a finding: the problem, and changes that may solve it. */
export interface FindingText {
  /** The problem, in one or two sentences. */
  readonly what: string;
  /** Possible changes, the one that helps most often first. Each is for the operator of the system that it names. */
  readonly change: readonly string[];
}

/** Texts of all findings. */
export type FindingWords = Readonly<Record<FindingCode, (evidence: Finding['evidence']) => FindingText>>;

/** Texts of one language. */
export interface DoctorWords {
  readonly clear: (roundTripMs: number) => string;
  readonly hindered: (transport: string) => string;
  readonly transports: Readonly<Record<NonNullable<Report['transport']>, string>>;
  readonly blocked: string;
  readonly findings: FindingWords;
}

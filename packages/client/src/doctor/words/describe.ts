import type { Finding, Report } from '../report.js';
import { en } from './en.js';
import type { FindingText } from './words.js';
import { zh } from './zh.js';

/** A report as text for people. */
export interface Description {
  readonly summary: string;
  readonly findings: readonly (FindingText & { readonly code: Finding['code'] })[];
}

/** Describes what a report means and what to change, in English or Chinese. */
export function describe(report: Report, language: 'en' | 'zh'): Description {
  const words = language === 'zh' ? zh : en;
  return {
    summary: summaryOf(report, words),
    findings: report.findings.map(({ code, evidence }) => ({ code, ...words.findings[code](evidence) })),
  };
}

function summaryOf({ outcome, transport, roundTripMs }: Report, words: typeof en): string {
  switch (outcome) {
    case 'clear':
      return words.clear(roundTripMs ?? 0);
    case 'hindered':
      return words.hindered(words.transports[transport!]);
    case 'blocked':
      return words.blocked;
  }
}

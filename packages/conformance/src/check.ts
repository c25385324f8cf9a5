import type { Examiner } from './examiner.js';
import type { ServerSettings } from './server-settings.js';

/** One test of a server. Its name begins with the rules, or parts of rules, that it verifies, in brackets. */
export interface Check {
  readonly name: string;
  readonly rules: readonly string[];
  /** Milliseconds of waiting that the rules require, without network time. */
  readonly waitMs: (settings: ServerSettings) => number;
  /** Whether it only works in a run with a token. */
  readonly needsToken: boolean;
  /** Whether it tests raw TCP, and only works in a run that knows the port. */
  readonly needsTcp: boolean;
  /** The optional endpoint that it tests, or `channels`. */
  readonly needs: string | null;
  /** @throws Mismatch if the server violates a rule */
  readonly run: (examiner: Examiner) => Promise<void>;
}

/** The fields of a `Check` that have defaults. */
export interface CheckOptions {
  readonly waitMs?: (settings: ServerSettings) => number;
  readonly needsToken?: boolean;
  readonly needsTcp?: boolean;
  readonly needs?: string;
}

/** Returns the rule of a part, such as `SN-7` for `SN-7.4`, and a rule unchanged. */
export function ruleOf(part: string): string {
  return part.replace(/\.\d+$/, '');
}

/** Creates a check. Its rules are read from the brackets at the start of its name. */
export function check(name: string, run: Check['run'], options: CheckOptions = {}): Check {
  const { waitMs = () => 0, needsToken = false, needsTcp = false, needs = null } = options;
  const head = /^(?:\[[^\]]+\] )+/.exec(name)?.[0] ?? '';
  return {
    name,
    rules: [...head.matchAll(/\[([^\]]+)\]/g)].map(([, rule]) => rule as string),
    waitMs,
    needsToken,
    needsTcp,
    needs,
    run,
  };
}

/** Returns the options of a check over this transport. */
export function over(transport: string): CheckOptions {
  return { needsTcp: transport === 'tcp' };
}

/** Waits for a fixed time, for checks that depend only on elapsed time. */
export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

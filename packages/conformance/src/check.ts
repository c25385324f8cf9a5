import type { Examiner } from './examiner.js';
import type { ServerSettings } from './server-settings.js';

/** One thing that is tried, and the rules or parts it holds the server to: they stand in brackets at the beginning of its name. */
export interface Check {
  readonly name: string;
  readonly rules: readonly string[];
  /** Milliseconds it has to wait by the rules, besides what the network takes. */
  readonly waitMs: (settings: ServerSettings) => number;
  /** It asks for something only a run with a token can show. */
  readonly needsToken: boolean;
  /** It is about raw TCP, and only a run that knows the port can show it. */
  readonly needsTcp: boolean;
  /** The endpoint it is about, or `channels`: what a server may be without. */
  readonly needs: string | null;
  /** @throws Mismatch when the server does something else. */
  readonly run: (examiner: Examiner) => Promise<void>;
}

export interface CheckOptions {
  readonly waitMs?: (settings: ServerSettings) => number;
  readonly needsToken?: boolean;
  readonly needsTcp?: boolean;
  readonly needs?: string;
}

/** The rule of a part: `SN-7` of `SN-7.4`; a rule is its own. */
export function ruleOf(part: string): string {
  return part.replace(/\.\d+$/, '');
}

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

/** What a check over this transport needs. */
export function over(transport: string): CheckOptions {
  return { needsTcp: transport === 'tcp' };
}

/** Waits, where nothing but the time that has passed is what is looked at. */
export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

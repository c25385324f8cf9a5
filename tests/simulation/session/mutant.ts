import type { Profile } from './profile.js';

/** One fault put into the machine on purpose: source text that occurs exactly once, and what replaces it. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** The simulator must find it within so many seeds. */
  readonly within: number;
  /** A scenario of its own, for what chance alone seldom meets. */
  readonly profile?: Partial<Profile>;
  /** Two sessions whose answers are mixed up show it. */
  readonly mixed?: true;
}

interface Patch {
  /** Seen from `packages/protocol/src/session/`, without `.ts`. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

export function mutant(name: string, within: number, file: string, find: string, put: string): Mutant {
  return { name, within, patches: [{ file, find, put }] };
}

/** A fault that two sessions show whose answers are mixed up. */
export function mixedMutant(name: string, within: number, file: string, find: string, put: string): Mutant {
  return { ...mutant(name, within, file, find, put), mixed: true };
}

/** A fault that breaks no guarantee, only a policy: runs of this profile show it in a figure, against the machine as it is. */
export interface PolicyMutant extends Omit<Mutant, 'within'> {
  readonly profile: Partial<Profile>;
  /** Latency of messages, bytes repeated, links used, links left at the server, time from close to verdict: means. */
  readonly figure: 'latency' | 'repeated' | 'carriers' | 'left' | 'closing';
  /** The figure must be at least so many times that of the machine as it is. */
  readonly factor: number;
  readonly seeds: number;
}

import type { Profile } from './profile.js';

/**
 * A fault that is injected into the source of the session, to prove that the simulator detects it. The fault replaces
 * source text that occurs exactly once in its file.
 */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** The simulator must find it within this number of seeds. */
  readonly within: number;
  /** The behaviour of the network and the applications, for faults that random profiles seldom show. */
  readonly profile?: Partial<Profile>;
  /** Whether the fault shows only in two sessions whose answers a proxy mixes up. */
  readonly mixed?: true;
}

interface Patch {
  /** The path relative to `packages/protocol/src/session/`, without `.ts`. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/** Creates a mutant with one patch. */
export function mutant(name: string, within: number, file: string, find: string, put: string): Mutant {
  return { name, within, patches: [{ file, find, put }] };
}

/** Creates a mutant that shows only in two sessions whose answers a proxy mixes up. */
export function mixedMutant(name: string, within: number, file: string, find: string, put: string): Mutant {
  return { ...mutant(name, within, file, find, put), mixed: true };
}

/**
 * A fault that breaks no guarantee, only a policy, such as "do not repeat messages needlessly". Runs with its profile show
 * it, because a figure is worse than with the unchanged source.
 */
export interface PolicyMutant extends Omit<Mutant, 'within'> {
  readonly profile: Partial<Profile>;
  /**
   * The figure, each a mean over all runs: message latency, share of repeated bytes, number of links used, links that
   * the server still holds at the end, time from close to the last verdict.
   */
  readonly figure: 'latency' | 'repeated' | 'carriers' | 'left' | 'closing';
  /** The figure must be more than this many times that of the unchanged source. */
  readonly factor: number;
  /** Number of runs. */
  readonly seeds: number;
}

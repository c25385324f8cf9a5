import { type Cut, Run, type Scenario } from './run.js';

/** The result of exploring one scenario. */
export interface Exploration {
  /** Places where bytes were cut: each byte of each carrier of the uncut run, and the end of each. */
  readonly bytes: number;
  /** The number of steps after which every carrier was cut. */
  readonly steps: number;
  readonly runs: number;
  /** The first few violations, and where they occurred. */
  readonly broken: readonly string[];
}

/**
 * Cuts the run at each byte of each direction of each carrier, and after each step. A run is identical up to its cut,
 * so these are all the places where one cut can occur. @param stride tests every n-th byte; 1 for all
 */
export function explore(scenario: Omit<Scenario, 'cut'>, stride = 1): Exploration {
  const whole = new Run(scenario).run();
  const broken: string[] = whole.broken ? [`without a cut: ${whole.broken}`] : [];
  let [bytes, runs] = [0, 1];
  const attempt = (cut: Cut): void => {
    runs += 1;
    const outcome = new Run({ ...scenario, cut }).run();
    if (outcome.broken && broken.length < 5) broken.push(`${JSON.stringify(cut)}: ${outcome.broken}`);
  };
  for (const [carrier, written] of whole.carriers.entries()) {
    for (const way of ['up', 'down'] as const) {
      bytes += written[way] + 1;
      for (let at = 0; at < written[way]; at += stride) attempt({ carrier, way, at });
      attempt({ carrier, way, at: written[way] });
    }
  }
  for (let step = 1; step <= whole.steps; step += 1) attempt({ step });
  return { bytes, steps: whole.steps, runs, broken };
}

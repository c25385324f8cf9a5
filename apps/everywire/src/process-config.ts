import { readConfig } from './read-config.js';
import type { Config } from './settings.js';

/**
 * The settings of this process. Hands the store its own, `EVERYWIRE_SQLITE`, by the environment, from which its threads have it too.
 *
 * Throws `ConfigError`.
 */
export function processConfig(): Config {
  const config = readConfig(process.env);
  process.env['EVERYWIRE_SQLITE'] = config.EVERYWIRE_SQLITE;
  return config;
}

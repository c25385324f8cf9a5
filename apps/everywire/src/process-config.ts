import { readConfig } from './read-config.js';
import type { Config } from './settings.js';

/**
 * Reads the settings of this process. Passes `EVERYWIRE_SQLITE` to the store through the environment, which its threads
 * share.
 *
 * Throws `ConfigError`.
 */
export function processConfig(): Config {
  const config = readConfig(process.env);
  process.env['EVERYWIRE_SQLITE'] = config.EVERYWIRE_SQLITE;
  return config;
}

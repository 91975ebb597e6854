import type { Config, ConfigShape } from '@highwater/settings';
import { loadConfig, type Environment } from './config.ts';

/**
 * Reads settings for a program that looks after others: it shares an environment with them, so an
 * `HW_` name that it does not know is theirs, and not misspelt.
 *
 * @param fallbacks what counts where the environment says nothing, before the defaults of the shape
 * @throws {ConfigError} naming every bad variable at once
 */
export function readSettings<S extends ConfigShape>(
  shape: S,
  fallbacks: Environment = {},
): Config<S> {
  const given = Object.keys(shape).map((name) => [name, process.env[name] || fallbacks[name]]);
  return loadConfig(shape, Object.fromEntries(given) as Environment);
}

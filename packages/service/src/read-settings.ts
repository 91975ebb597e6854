import type { Config, ConfigShape } from '@highwater/settings';
import { loadConfig, type Environment } from './config.ts';

/**
 * Reads settings for a program that manages others. It shares an environment with them, so an
 * unknown `HW_` name belongs to them and is not a misspelling.
 *
 * @param fallbacks values for settings that the environment does not set; they take precedence over
 * the defaults of the shape
 * @throws {ConfigError} naming every bad variable at once
 */
export function readSettings<S extends ConfigShape>(
  shape: S,
  fallbacks: Environment = {},
): Config<S> {
  const given = Object.keys(shape).map((name) => [name, process.env[name] || fallbacks[name]]);
  return loadConfig(shape, Object.fromEntries(given) as Environment);
}

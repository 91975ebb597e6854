import { readStored, store } from '../lib/stored.ts';

const key = 'highwater.queries';
const statementsMax = 30;

/** Statements that were run in this browser, newest first. */
export function readHistory(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(readStored(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}

/** Adds a statement to the front. */
export function remember(statement: string): readonly string[] {
  const others = readHistory().filter((each) => each !== statement);
  const history = [statement, ...others].slice(0, statementsMax);
  store(key, JSON.stringify(history));
  return history;
}

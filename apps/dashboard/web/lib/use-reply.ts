import { useEffect, useState } from 'preact/hooks';
import type { CorrectionsReply, DeadLettersReply, MeasuresReply } from '../../src/contract.ts';
import { ask } from './api.ts';

interface Replies {
  readonly corrections: CorrectionsReply;
  readonly 'dead-letters': DeadLettersReply;
  readonly measures: MeasuresReply;
}

/**
 * Asks the API now and whenever one of `changes` does. The previous reply stays until there is
 * another, even when there is a problem.
 *
 * @param question the current request; null for none yet
 */
export function useReply<Path extends keyof Replies>(
  path: Path,
  question: () => object | null,
  changes: readonly unknown[],
): { readonly reply: Replies[Path] | null; readonly problem: string | null } {
  const [reply, setReply] = useState<Replies[Path] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const body = question();
    if (body === null) return;
    const overtaken = new AbortController();
    ask<Replies[Path]>(path, body, overtaken.signal)
      .then((answered) => {
        if (overtaken.signal.aborted) return;
        setReply(answered);
        setProblem(null);
      })
      .catch((error: Error) => {
        if (!overtaken.signal.aborted) setProblem(error.message);
      });
    return () => overtaken.abort();
  }, changes);
  return { reply, problem };
}

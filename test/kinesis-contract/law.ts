import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';

/** A running server of the Kinesis API. */
export interface Subject extends AsyncDisposable {
  readonly url: string;
  readonly client: KinesisClient;
}

/** One thing that every server of the API must do. */
export interface Law {
  /** A plain claim; unique, for gaps are listed by it. */
  readonly title: string;
  /** Where the documentation says so, for servers differ: it decides. */
  readonly source: string;
  readonly hold: (subject: Subject) => Promise<void>;
}

/** A page of the API reference. */
export function api(name: string): string {
  return `https://docs.aws.amazon.com/kinesis/latest/APIReference/API_${name}.html`;
}

/**
 * The exceptions for a value outside the bounds of its parameter: the reference promises "a specified
 * parameter exceeds its restrictions", and the bounds themselves are checked before that.
 */
export const outOfBounds = expect.stringMatching(
  /^(InvalidArgument|Validation)Exception$/,
) as string;

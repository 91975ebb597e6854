import { describe, expect, it } from 'vitest';
import { stepsIn } from './step.ts';

const step = { client: 'boto3', version: '1.0', operation: 'PutRecord', result: 'right' };

describe('the steps in the output of a client', () => {
  it('are its lines of JSON, whatever else it prints', () => {
    expect(stepsIn(`Starting.\n${JSON.stringify(step)}\n\n`)).toEqual([step]);
  });

  it('are rejected when a line is not a step, and when there is none', () => {
    expect(() => stepsIn(`${JSON.stringify({ ...step, result: '' })}\n`)).toThrow('result');
    expect(() => stepsIn('Starting.\n')).toThrow('the client reported no step');
  });
});

import { describe, expect, it } from 'vitest';
import { shardId } from '../src/request/common-members.ts';
import { readRequest } from '../src/request/member.ts';
import { jsonFormat } from '../src/wire/wire-formats.ts';

describe('a shard id', () => {
  it.each([
    ['0', 'shardId-000000000000'],
    ['shardId-0', 'shardId-000000000000'],
    ['12', 'shardId-000000000012'],
    ['shardId-000000000012', 'shardId-000000000012'],
    ['00012', 'shardId-000000000012'],
    // None of these is the name of a shard. Each is looked up unchanged, and not found.
    ['shardId-', 'shardId-'],
    ['shard-0', 'shard-0'],
    ['0000000000012', '0000000000012'],
  ])('given as %s is %s', (given, read) => {
    expect(readRequest(shardId, given, jsonFormat)).toBe(read);
  });

  it('is rejected with other characters', () => {
    expect(() => readRequest(shardId, 'shard 0', jsonFormat)).toThrow('regular expression');
  });
});

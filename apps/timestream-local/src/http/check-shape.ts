import { cutText } from '@highwater/model';
import { ApiError } from './api-error.ts';
import type { Member, Shape, StructureShape } from './shape.ts';

/**
 * Validates a request against the published model, like the service's own front end before it
 * checks the meaning: unknown members are ignored, and the first ten violated constraints are
 * listed.
 *
 * @throws {ApiError} SerializationException for a value of the wrong JSON type, ValidationException
 * for violated constraints
 */
export function checkShape(shape: StructureShape, input: object): void {
  const violations: string[] = [];
  checkStructure(shape, input, '', violations);
  violations.splice(violationsMax);
  if (violations.length === 0) return;
  const noun = violations.length === 1 ? 'error' : 'errors';
  const message = `${violations.length} validation ${noun} detected: ${violations.join('; ')}`;
  throw new ApiError('ValidationException', message, { namespace: 'model' });
}

function checkStructure(
  { members }: StructureShape,
  input: object,
  path: string,
  violations: string[],
): void {
  for (const name in members) {
    const member = members[name] as Member;
    const value: unknown = (input as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && value !== null) check(member, value, path, name, violations);
    else if (member.required) {
      violations.push(violation(null, join(path, name), 'Member must not be null'));
    }
  }
}

/** `parent` and `name` are joined only for a message: most values break nothing. */
function check(
  shape: Shape,
  value: unknown,
  parent: string,
  name: string,
  violations: string[],
): void {
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(value, 'a String');
      checkString(shape, value, () => join(parent, name), violations);
      return;
    case 'integer':
      checkInteger(shape, value, () => join(parent, name), violations);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(value, 'a Boolean');
      return;
    case 'list':
      if (!Array.isArray(value)) throw wrongType(value, 'a List');
      checkList(shape, value, join(parent, name), violations);
      return;
    case 'structure':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw wrongType(value, 'a Structure');
      }
      checkStructure(shape, value, join(parent, name), violations);
      return;
  }
}

function checkString(
  { lengthMin = 0, lengthMax = Infinity, pattern, values }: Extract<Shape, { kind: 'string' }>,
  value: string,
  path: () => string,
  violations: string[],
): void {
  const say = (constraint: string) => violations.push(violation(value, path(), constraint));
  if (value.length < lengthMin) say(lengthAtLeast(lengthMin));
  // The model counts characters, not UTF-16 units.
  if (value.length > lengthMax && charactersOf(value) > lengthMax) say(lengthAtMost(lengthMax));
  if (pattern && !pattern.test(value)) {
    say(
      `Member must satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '')}`,
    );
  }
  if (values && !values.includes(value)) {
    say(`Member must satisfy enum value set: [${values.join(', ')}]`);
  }
}

function checkInteger(
  { min, max }: Extract<Shape, { kind: 'integer' }>,
  value: unknown,
  path: () => string,
  violations: string[],
): void {
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isInteger(value))) {
    throw wrongType(value, 'a Long');
  }
  const exact = BigInt(value);
  if (BigInt.asIntN(64, exact) !== exact) throw wrongType(value, 'a Long');
  const say = (constraint: string) => violations.push(violation(exact, path(), constraint));
  if (min !== undefined && exact < min) {
    say(`Member must have value greater than or equal to ${min}`);
  }
  if (max !== undefined && exact > max) say(`Member must have value less than or equal to ${max}`);
}

function checkList(
  { of, lengthMin = 0, lengthMax = Infinity }: Extract<Shape, { kind: 'list' }>,
  value: readonly unknown[],
  path: string,
  violations: string[],
): void {
  if (value.length < lengthMin) violations.push(violation(value, path, lengthAtLeast(lengthMin)));
  if (value.length > lengthMax) {
    violations.push(violation(value, path, lengthAtMost(lengthMax)));
    return;
  }
  for (const [at, item] of value.entries()) {
    if (violations.length >= violationsMax) return;
    if (item === null) throw wrongType(item, 'a list element');
    check(of, item, path, `${at + 1}.member`, violations);
  }
}

const lengthAtLeast = (least: number) =>
  `Member must have length greater than or equal to ${least}`;

const lengthAtMost = (most: number) => `Member must have length less than or equal to ${most}`;

/** Maximum number of listed constraints, as in the service's own front end. */
const violationsMax = 10;
/** The shown part of a value: the service prints it whole, which may be a megabyte. */
const shownCharactersMax = 100;

function violation(value: unknown, path: string, constraint: string): string {
  const text = Array.isArray(value) ? listText(value) : String(value);
  const shown = cutText(text, shownCharactersMax);
  return `Value '${shown}' at '${path}' failed to satisfy constraint: ${constraint}`;
}

/** A list is described by its type, not by its whole content. */
function listText(list: readonly unknown[]): string {
  return list.length === 0 ? '[]' : `[${list.length} elements]`;
}

/** Paths have lower-case member names and count list elements from 1. */
function join(parent: string, name: string): string {
  const own = name.charAt(0).toLowerCase() + name.slice(1);
  return parent === '' ? own : `${parent}.${own}`;
}

function wrongType(value: unknown, expected: string): ApiError {
  const token =
    typeof value === 'string'
      ? 'STRING_VALUE'
      : typeof value === 'boolean'
        ? `${String(value).toUpperCase()}_VALUE`
        : typeof value === 'object'
          ? 'START_OBJECT or START_ARRAY'
          : 'NUMBER_VALUE';
  return new ApiError('SerializationException', `${token} can not be converted to ${expected}`, {
    namespace: 'protocol',
  });
}

function charactersOf(text: string): number {
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPrivateName, nameOfHost } from '../../src/front-door/host-names.ts';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
const domain = fc
  .tuple(label, fc.constantFrom('com', 'example', 'net', 'local', 'io'))
  .map((labels) => labels.join('.'));
const port = fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined });

describe('isPrivateName', () => {
  it('rejects names that can be registered, whatever precedes them', () => {
    const before = fc.constantFrom('', 'localhost.', '127.0.0.1.', 'internal.', 'a.localhost.');
    const property = fc.property(before, domain, (start, name) => {
      expect(isPrivateName(`${start}${name}`)).toBe(false);
    });
    fc.assert(property);
  });

  it('accepts every address, and every name without a dot', () => {
    const known = fc.oneof(fc.ipV4(), fc.ipV6(), label);
    const property = fc.property(known, (name) => {
      expect(isPrivateName(name)).toBe(true);
    });
    fc.assert(property);
  });

  it.each(['', '.', 'a b', 'a..localhost', '.localhost', '-', 'localhost/', 'ä'])(
    'rejects %j, which is not a name',
    (name) => {
      expect(isPrivateName(name)).toBe(false);
    },
  );
});

describe('nameOfHost', () => {
  it('removes the port, the brackets, and the trailing dot, and converts to lower case', () => {
    const property = fc.property(domain, port, fc.boolean(), (name, at, hasDot) => {
      const host = `${name.toUpperCase()}${hasDot ? '.' : ''}${at === undefined ? '' : `:${at}`}`;
      expect(nameOfHost(host)).toBe(name);
    });
    fc.assert(property);
    const addresses = fc.property(fc.ipV6(), (ip) => {
      expect(nameOfHost(`[${ip}]:80`)).toBe(ip);
    });
    fc.assert(addresses);
  });

  it.each(['', 'a,b', 'user@a', 'a:b', '[::1', '[a]', '::1', 'a b', 'a/b'])(
    'finds no name in %j',
    (host) => {
      expect(nameOfHost(host)).toBeUndefined();
    },
  );
});

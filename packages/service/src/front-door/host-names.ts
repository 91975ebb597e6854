import { isIP } from 'node:net';
import { z } from 'zod';

const label = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/;
const authority = /^(?:\[([0-9a-f:.]+)\]|([^\s,:@/[\]]+))(?::\d*)?$/;

/** A setting of names, separated by commas; read as a list, in lower case. */
export function hostNamesSetting(what: string) {
  return z
    .string()
    .default('')
    .transform((text) => text.split(',').map((each) => each.trim().toLowerCase()))
    .transform((names) => names.filter((each) => each !== ''))
    .refine((names) => names.every((each) => each.split('.').every((part) => label.test(part))), {
      error: 'has something that is not a host name: give names without scheme, port and path',
    })
    .describe(
      `Names that ${what} is asked for by, separated by commas, besides addresses, localhost, names without a dot and *.internal; others are refused`,
    );
}

/** The name in `name:port` or `[address]:port`, in lower case and without a dot at its end. */
export function nameOfHost(host: string): string | undefined {
  const [, address, name] = authority.exec(host.trim().toLowerCase()) ?? [];
  if (address !== undefined) return isIP(address) === 6 ? address : undefined;
  return name?.replace(/\.$/, '');
}

/**
 * Whether no web site can have a name. A site can let its own name lead to this machine (DNS
 * rebinding), and its pages would then read the answers as their own. It cannot have an address,
 * `localhost`, a name without a dot as containers have, or one below `internal`, which is reserved.
 */
export function isPrivateName(name: string): boolean {
  if (isIP(name) > 0) return true;
  const labels = name.split('.');
  if (!labels.every((each) => label.test(each))) return false;
  return labels.length === 1 || ['localhost', 'internal'].includes(labels.at(-1) ?? '');
}

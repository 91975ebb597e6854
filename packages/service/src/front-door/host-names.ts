import { isHostName } from '@highwater/settings';
import { isIP } from 'node:net';

const authority = /^(?:\[([0-9a-f:.]+)\]|([^\s,:@/[\]]+))(?::\d*)?$/;

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
  if (!isHostName(name)) return false;
  const labels = name.split('.');
  return labels.length === 1 || ['localhost', 'internal'].includes(labels.at(-1) ?? '');
}

import { isHostName } from '@highwater/settings';
import { isIP } from 'node:net';

const authority = /^(?:\[([0-9a-f:.]+)\]|([^\s,:@/[\]]+))(?::\d*)?$/;

/** The name in `name:port` or `[address]:port`, in lower case and without a trailing dot. */
export function nameOfHost(host: string): string | undefined {
  const [, address, name] = authority.exec(host.trim().toLowerCase()) ?? [];
  if (address !== undefined) return isIP(address) === 6 ? address : undefined;
  return name?.replace(/\.$/, '');
}

/**
 * Whether no website can have this name. A site can point its own name to this machine (DNS
 * rebinding), and its pages could then read the answers as their own. A site cannot have an IP
 * address, `localhost`, a name without a dot (such as container names), or a name below the
 * reserved `internal`.
 */
export function isPrivateName(name: string): boolean {
  if (isIP(name) > 0) return true;
  if (!isHostName(name)) return false;
  const labels = name.split('.');
  return labels.length === 1 || ['localhost', 'internal'].includes(labels.at(-1) ?? '');
}

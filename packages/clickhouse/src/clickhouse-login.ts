import type { ClickhouseAddress } from '@highwater/settings';

/** Where a ClickHouse server is, and who we are there. */
export interface ClickhouseLogin extends ClickhouseAddress {
  /** Asked before every request, so that a rotated password is used. Undefined for none. */
  readonly password: () => Promise<string | undefined>;
}

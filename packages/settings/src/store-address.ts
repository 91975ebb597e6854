import { z } from 'zod';

/** Where the tables of a Timestream database are. */
export interface TimestreamAddress {
  readonly engine: 'timestream';
  readonly database: string;
  /** Holds raw points and rows of views. */
  readonly table: string;
}

/** How a connection to a database server is protected. */
export type TlsMode = 'off' | 'require' | 'verify-full';

/** A PostgreSQL database, and the role that connects to it. */
export interface PostgresAddress {
  readonly engine: 'postgres';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Schema of the views for people; tables are in the schema of the same name with `_data`. */
  readonly schema: string;
  readonly tls: TlsMode;
  /** File with the certificates that `verify-full` trusts; those of the system if absent. */
  readonly tlsCaFile?: string | undefined;
  /** `iam` makes a token of RDS for each connection, in place of a password. */
  readonly auth: 'password' | 'iam';
}

/** A ClickHouse database, over HTTP, and the user that connects to it. */
export interface ClickhouseAddress {
  readonly engine: 'clickhouse';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly tls: TlsMode;
  readonly tlsCaFile?: string | undefined;
}

/** A store, as its URL says. */
export type StoreAddress = TimestreamAddress | PostgresAddress | ClickhouseAddress;

type Issue = (message: string) => void;

const tlsModes: readonly TlsMode[] = ['off', 'require', 'verify-full'];
const timestreamName = /^[a-zA-Z0-9_.-]{3,256}$/;
/** Leaves room for the suffixes of our own within the 63 bytes of PostgreSQL. */
const schemaName = /^[a-z_][a-z0-9_]{0,39}$/;

/** The address in the URL of a store, or everything that is wrong with it. */
export function readStoreUrl(
  text: string,
): { readonly address: StoreAddress } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const address = parseStoreUrl(text, (problem) => problems.push(problem));
  return address === undefined || problems.length > 0 ? { problems } : { address };
}

function parseStoreUrl(text: string, issue: Issue): StoreAddress | undefined {
  const url = new URL(URL.canParse(text) ? text : 'none:');
  switch (url.protocol) {
    case 'timestream:':
      return timestreamAddress(url, issue);
    case 'postgres:':
    case 'postgresql:':
      return postgresAddress(url, issue);
    case 'clickhouse:':
      return clickhouseAddress(url, issue);
    default:
      issue(
        'is not a URL of a store: it must begin with timestream://, postgres://, or clickhouse://',
      );
      return undefined;
  }
}

function timestreamAddress(url: URL, issue: Issue): TimestreamAddress {
  // The URL parser changes the case of a host name of some schemes only, so the text is cut by hand.
  const [, database = '', table = '', ...rest] = url.href.replace('timestream:/', '').split('/');
  for (const [what, name] of Object.entries({ database, table })) {
    if (!timestreamName.test(name)) issue(`needs a ${what} of 3 to 256 of a-z A-Z 0-9 _ . -`);
  }
  if (rest.length > 0 || url.search || url.username) {
    issue('must be timestream://database/table and nothing more');
  }
  return { engine: 'timestream', database, table };
}

function postgresAddress(url: URL, issue: Issue): PostgresAddress {
  const options = optionsOf(url, ['schema', 'tls', 'tls_ca', 'auth'], issue);
  const { schema = 'highwater', auth = 'password' } = options;
  if (!schemaName.test(schema)) issue('needs a schema of at most 40 of a-z 0-9 _');
  if (auth !== 'password' && auth !== 'iam') issue('has an auth that is neither password nor iam');
  const tls = tlsOf(options, auth === 'iam' ? 'verify-full' : 'off', issue);
  // A token must not go to a server that nobody has checked.
  if (auth === 'iam' && tls.tls !== 'verify-full') {
    issue('uses auth=iam, which needs tls=verify-full');
  }
  return {
    engine: 'postgres',
    ...serverOf(url, 5432, issue),
    schema,
    ...tls,
    auth: auth === 'iam' ? 'iam' : 'password',
  };
}

function clickhouseAddress(url: URL, issue: Issue): ClickhouseAddress {
  const options = optionsOf(url, ['tls', 'tls_ca'], issue);
  const tls = tlsOf(options, 'off', issue);
  return {
    engine: 'clickhouse',
    ...serverOf(url, tls.tls === 'off' ? 8123 : 8443, issue),
    ...tls,
  };
}

function serverOf(url: URL, defaultPort: number, issue: Issue) {
  if (url.password !== '') {
    issue(
      'contains a password, which belongs in a setting such as HW_STORE_PASSWORD, or in a file',
    );
  }
  const host = decoded('host', url.hostname, issue).replace(/^\[(.*)\]$/, '$1');
  const database = decoded('database', url.pathname.slice(1), issue);
  const user = decoded('user', url.username, issue);
  if (host === '') issue('needs a host');
  if (database === '' || database.includes('/')) issue('needs a database after the host');
  if (user === '') issue('needs a user before the host, as in user@host');
  return { host, port: url.port === '' ? defaultPort : Number(url.port), database, user };
}

/** A part of a URL as it was before it was encoded. */
function decoded(what: string, text: string, issue: Issue): string {
  try {
    return decodeURIComponent(text);
  } catch {
    issue(`has a ${what} with a % that does not encode a character; write %25 for a %`);
    return text;
  }
}

function optionsOf(url: URL, known: readonly string[], issue: Issue): Record<string, string> {
  const options = Object.fromEntries(url.searchParams);
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    issue(`has the unknown option ${unknown.join(', ')}; known are ${known.join(', ')}`);
  }
  return options;
}

function tlsOf(
  { tls: given, tls_ca: tlsCaFile }: Record<string, string>,
  fallback: TlsMode,
  issue: Issue,
) {
  const tls = given === undefined ? fallback : tlsModes.find((mode) => mode === given);
  if (tls === undefined) issue(`has a tls that is not ${tlsModes.join(', ')}`);
  else if (tlsCaFile !== undefined && tls !== 'verify-full') {
    issue('has a tls_ca, which needs tls=verify-full');
  }
  return { tls: tls ?? fallback, ...(tlsCaFile !== undefined && { tlsCaFile }) };
}

/** The setting that names a store; read as its address. */
export const storeUrl = z
  .string()
  .transform((text, context) => {
    const read = readStoreUrl(text);
    if ('address' in read) return read.address;
    for (const message of read.problems) {
      context.issues.push({ code: 'custom', message, input: '(a URL)' });
    }
    return z.NEVER;
  })
  .meta({
    values:
      'timestream://database/table, postgres://user@host:5432/database, or clickhouse://user@host:8123/database',
  });

/** The setting that names the store of the local stack: one that it starts, or a server by its URL. */
export const localStore = z
  .string()
  .superRefine((text, context) => {
    if (text === 'timestream' || text === 'postgres') return;
    const issue = (message: string) =>
      context.issues.push({ code: 'custom', message, input: '(a store)' });
    if (/^(postgres|postgresql|clickhouse):/.test(text)) parseStoreUrl(text, issue);
    else
      issue('is not timestream, postgres, or a URL that begins with postgres:// or clickhouse://');
  })
  .meta({ values: 'timestream, postgres, postgres://…, or clickhouse://…' });

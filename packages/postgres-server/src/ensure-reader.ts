import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** Who may read what the owner makes, and no more: not even what only a superuser sees of the machine. */
export const reader = 'highwater_dashboard';

/**
 * Makes the reader, or gives the one that is there a new password, and lets it read the schemas of
 * Highwater, also those that are made later.
 *
 * @param url of the database, as its owner
 * @returns the password
 */
export async function ensureReader(url: string): Promise<string> {
  const password = randomBytes(16).toString('hex');
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A connection that breaks after an answer has nothing to say.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statements(password));
    return password;
  } finally {
    await client.end();
  }
}

function statements(password: string): string {
  return `
    do $$ declare name text; begin
      if not exists (select from pg_roles where rolname = '${reader}') then
        create role ${reader} login;
      end if;
      for name in select nspname from pg_namespace where nspname ~ '^highwater' loop
        execute format('grant usage on schema %I to ${reader}', name);
        execute format('grant select on all tables in schema %I to ${reader}', name);
      end loop;
    end $$;
    alter role ${reader} password '${password}';
    alter default privileges grant usage on schemas to ${reader};
    alter default privileges grant select on tables to ${reader}`;
}

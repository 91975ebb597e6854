-- Run once by the administrator of a PostgreSQL server on AWS, in the database of Highwater, with psql 15 or
-- newer: the user that the services write as, and one that the dashboard and Grafana read as. See docs/aws.md.
\getenv writer_password WRITER_PASSWORD
\getenv reader_password READER_PASSWORD

create role highwater login password :'writer_password';
create role highwater_reader login password :'reader_password';

-- The services make the schemas and the tables.
do $$ begin
  execute format('grant create on database %I to highwater', current_database());
end $$;

-- What they make later is for the reader, too. Only a member of a role may say so for it.
grant highwater to current_user;
alter default privileges for role highwater grant usage on schemas to highwater_reader;
alter default privileges for role highwater grant select on tables to highwater_reader;
revoke highwater from current_user;

alter role highwater_reader set default_transaction_read_only = on;
alter role highwater_reader set statement_timeout = '60s';

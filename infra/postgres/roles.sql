-- Run once by the image, when it makes its files: who may do what in the database of the stack.
\getenv password POSTGRES_PASSWORD

-- The superuser is for `docker compose exec postgres psql --username=postgres` only.
alter role postgres password null;

create role highwater login password :'password';
create database highwater owner highwater;
\connect highwater
revoke all on schema public from public;

-- Grafana lets everybody run statements, so it connects as a role that reads what the pipeline has made.
create role highwater_reader login password :'password';
alter role highwater_reader set default_transaction_read_only = on;
alter role highwater_reader set statement_timeout = '30s';
alter default privileges for role highwater grant usage on schemas to highwater_reader;
alter default privileges for role highwater grant select on tables to highwater_reader;

-- Uploaded files, cut into parts of about a megabyte: the database is the only store.
create table files (
  file_id uuid primary key,
  app_key integer not null references apps,
  name text not null,
  size bigint not null,
  sha256 bytea not null,
  created_at timestamptz not null
);

create table file_parts (
  file_id uuid not null,
  seq integer not null,
  bytes bytea not null,
  primary key (file_id, seq)
);
-- Uploads are mostly compressed already.
alter table file_parts alter column bytes set storage external;

create table imports (
  import_id uuid primary key,
  app_key integer not null references apps,
  file_id uuid not null references files,
  name text not null,
  format text not null,
  status text not null,
  failure text,
  -- The run that may write; an older run that wakes up late finds another's id here and stops.
  run_id uuid,
  cancel_requested boolean not null default false,
  -- Everything up to this line is committed, with its counts.
  done_line integer not null default 0,
  rows_total integer not null default 0,
  rows_created integer not null default 0,
  rows_updated integer not null default 0,
  rows_unchanged integer not null default 0,
  rows_rejected integer not null default 0,
  rows_discarded integer not null default 0,
  bytes_read bigint not null default 0,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz
);
create index imports_history on imports (app_key, import_id);

-- What every merged row came to, one packed row a batch: finds rows that a later batch replaces.
create table import_batches (
  import_id uuid not null,
  seq integer not null,
  lines integer[] not null,
  row_keys uuid[] not null,
  -- 0 unchanged, 1 updated, 2 created
  outcomes smallint[] not null,
  primary key (import_id, seq)
);
alter table import_batches alter column lines set storage external;
alter table import_batches alter column row_keys set storage external;

create table import_errors (
  import_id uuid not null,
  line integer not null,
  outcome text not null check (outcome in ('rejected', 'discarded')),
  code text not null,
  column_name text,
  detail text not null,
  primary key (import_id, line)
);

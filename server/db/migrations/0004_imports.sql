-- Uploaded files, cut into parts of about a megabyte: the database is the only store.
create table files (
  file_id uuid primary key,
  app_key integer not null references apps,
  name text not null,
  -- Of the whole file; null until all of it has come.
  size bigint,
  sha256 bytea,
  created_at timestamptz not null,
  -- When its parts were deleted, since somebody in it was erased.
  erased_at timestamptz
);

create table file_parts (
  file_id uuid not null,
  seq integer not null,
  bytes bytea not null,
  primary key (file_id, seq)
);
-- Uploads are mostly compressed already.
alter table file_parts alter column bytes set storage external;

-- Named sets of users. A static one is a list that imports make and add to, a dynamic one whoever matches a filter now.
create table segments (
  segment_id uuid primary key,
  app_key integer not null references apps,
  name text not null,
  -- The name as it is compared: names differ in more than capitals.
  name_key text not null,
  kind text not null check (kind in ('static', 'dynamic')),
  -- Of a dynamic one the filter in the notation it was given in, with ids where it names segments, and the types of its
  -- attributes by name.
  target jsonb,
  rules jsonb,
  attributes jsonb not null default '{}',
  is_pinned boolean not null default false,
  created_at timestamptz not null,
  created_by text,
  -- What somebody deleted is out of sight, and kept for 30 days in case they want it back.
  deleted_at timestamptz
);
create unique index segments_name on segments (app_key, name_key) where deleted_at is null;
create index segments_deleted on segments (deleted_at) where deleted_at is not null;

-- How many users a segment had, counted once on each day of the app's.
create table segment_sizes (
  segment_id uuid not null references segments on delete cascade,
  day date not null,
  users bigint not null,
  primary key (segment_id, day)
);

-- Who is in a static segment, by which import, and where that import's file spoke of them last. The nil uuid and line 0
-- are of a list that was made of a filter.
create table segment_members (
  app_key integer not null,
  segment_id uuid not null,
  user_key uuid not null,
  import_id uuid not null,
  line integer not null,
  primary key (app_key, segment_id, user_key, import_id)
);

create table imports (
  import_id uuid primary key,
  app_key integer not null references apps,
  file_id uuid not null references files,
  name text not null,
  format text not null,
  -- As asked: country, encoding, mapping …
  options jsonb not null,
  is_dry_run boolean not null,
  -- Who asked: the name of an access token, or the e-mail address of an account.
  created_by text,
  -- The words that the uploader agreed to, of which the file's sha-256 is the other half.
  consent text,
  -- Made with the first row that is stored.
  segment_id uuid references segments on delete set null,
  -- What was made of the file: packing, encoding, delimiter, columns. Null until it was opened.
  understood jsonb,
  -- What was passed over without losing a row: [{code, column, detail, count, line}].
  warnings jsonb not null default '[]',
  -- The columns by their names, hashed: the mapping of the last such file is offered for the next.
  header_hash bytea,
  status text not null,
  failure text,
  -- Why the file was refused, a sentence each.
  faults jsonb not null default '[]',
  -- While the file comes in: when its last part came. One that falls silent is given up.
  upload_seen_at timestamptz,
  -- The run that may write; an older run that wakes up late finds another's id here and stops.
  run_id uuid,
  cancel_requested boolean not null default false,
  -- Everything up to this line is committed, with its counts.
  done_line integer not null default 0,
  -- Rows that count for the row limit.
  rows_accepted integer not null default 0,
  rows_total integer not null default 0,
  rows_created integer not null default 0,
  rows_updated integer not null default 0,
  rows_unchanged integer not null default 0,
  rows_rejected integer not null default 0,
  rows_discarded integer not null default 0,
  bytes_read bigint not null default 0,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  -- When its file and what became of its rows were deleted, since the app keeps them no longer.
  expired_at timestamptz,
  undo_requested_at timestamptz,
  undone_at timestamptz,
  users_removed integer not null default 0,
  installations_removed integer not null default 0,
  events_removed integer not null default 0
);
create index imports_history on imports (app_key, import_id);
create index imports_header on imports (app_key, header_hash, import_id) where header_hash is not null;
-- What is still to expire, oldest first.
create index imports_kept on imports (app_key, ended_at) where expired_at is null;
create index imports_uploading on imports (upload_seen_at) where upload_seen_at is not null;

-- What every merged row came to, one packed row a batch, in the order of the lines.
create table import_batches (
  import_id uuid not null,
  -- The last line of the batch.
  seq integer not null,
  lines integer[] not null,
  -- What must be unique in the file: the installation, contact, person or event.
  row_keys uuid[] not null,
  user_keys uuid[] not null,
  -- 0 unchanged, 1 updated, 2 created
  outcomes smallint[] not null,
  -- Row keys that an earlier batch may have had too (a filter that errs on this side only).
  repeated_keys uuid[] not null,
  -- What this batch was the first to store: an undo removes it.
  new_user_keys uuid[] not null,
  new_installation_keys uuid[] not null,
  primary key (import_id, seq)
);
alter table import_batches alter column lines set storage external;
alter table import_batches alter column row_keys set storage external;
alter table import_batches alter column user_keys set storage external;
alter table import_batches alter column new_user_keys set storage external;
alter table import_batches alter column new_installation_keys set storage external;

create table import_errors (
  import_id uuid not null,
  line integer not null,
  -- Counts the faults of one row.
  seq smallint not null,
  outcome text not null check (outcome in ('rejected', 'discarded')),
  code text not null,
  column_name text,
  detail text not null,
  primary key (import_id, line, seq)
);

-- Addresses of the customer's own that are told what happens.
create table webhooks (
  webhook_id uuid primary key,
  app_key integer not null references apps,
  name text not null,
  url text not null,
  events text[] not null,
  -- Of event.tracked: only events of these names; null for all.
  event_names text[],
  -- Happenings in one request, at most; with 1 each is an object of its own.
  batch_size smallint not null,
  is_active boolean not null,
  -- Why it was switched off by us.
  pause_reason text,
  -- What requests are signed with.
  sealed_secret bytea not null,
  -- Requests that failed in a row, and since when; nothing is sent before `rest_until`.
  failures integer not null default 0,
  failing_since timestamptz,
  rest_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index webhooks_app on webhooks (app_key, webhook_id);

-- What webhooks are still to be told: written with what it tells of, in one transaction, and gone once it is in an
-- attempt. Without references, which would lock the webhook for every send.
create table webhook_outbox (
  webhook_id uuid not null,
  seq bigint generated always as identity,
  item_id uuid not null,
  event text not null,
  at timestamptz not null,
  user_key uuid,
  installation_key uuid,
  data jsonb not null,
  -- Unlike `at`, which an event of long ago may have, when it was written down.
  created_at timestamptz not null default now(),
  primary key (webhook_id, seq)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);

-- Requests to webhooks, with what they carry: tried again under the same id, and kept to look at and to repeat.
create table webhook_attempts (
  attempt_id uuid primary key,
  webhook_id uuid not null,
  app_key integer not null,
  events text[] not null,
  items jsonb not null,
  is_list boolean not null,
  -- Whom it speaks of.
  user_keys uuid[] not null,
  state text not null check (state in ('waiting', 'delivered', 'failed')),
  tries integer not null default 0,
  -- While it is waiting: when it is tried again. While somebody tries it: when they are taken for dead.
  next_at timestamptz,
  lease_owner uuid,
  give_up_at timestamptz not null,
  tried_at timestamptz,
  http_status smallint,
  took_ms integer,
  error text,
  created_at timestamptz not null
);
create index webhook_attempts_log on webhook_attempts (webhook_id, attempt_id);
create index webhook_attempts_failed on webhook_attempts (webhook_id, attempt_id) where error is not null;
create index webhook_attempts_due on webhook_attempts (webhook_id, next_at) where next_at is not null;

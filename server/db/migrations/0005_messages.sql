-- message_id is a UUIDv7: ordered by time of acceptance.
create table messages (
  message_id uuid primary key,
  app_key integer not null references apps,
  channel text not null,
  topic text not null,
  audience_kind text not null check (audience_kind in ('users', 'topic', 'target')),
  -- As asked: {"users": […]}, {"topic": "…"} or {"target": {…}}.
  audience jsonb not null,
  -- The request without its audience; what devices get is made from it.
  content jsonb not null,
  source text not null check (source in ('api', 'panel')),
  track_id text,
  client_id text,
  status text not null check (status in ('accepted', 'expanding', 'running', 'paused', 'finished', 'cancelled')),
  -- Recipients with a key below this have their chunks; null when expansion has ended.
  expand_from uuid,
  next_chunk integer not null default 0,
  expires_at timestamptz,
  created_at timestamptz not null,
  frozen_at timestamptz,
  finished_at timestamptz
);
create index messages_history on messages (app_key, message_id);
create index messages_campaigns on messages (app_key, message_id) where audience_kind = 'target';
create index messages_running on messages (message_id) where status = 'running';

-- About 1,000 frozen recipients: pairs of user and installation, never tokens. Deleted once all of them have a
-- delivery row and were handed to the channel.
create table chunks (
  message_id uuid not null,
  seq integer not null,
  app_key integer not null,
  -- 0 for small sends, 1 for large ones: a broadcast does not hold up a message to one person.
  priority smallint not null,
  user_keys uuid[] not null,
  -- The nil uuid stands for a user without a device; `addresses` then has the id that was asked for.
  installation_keys uuid[] not null,
  addresses text[],
  -- Recipients before `done` have their rows; those before `handed` were given to the channel.
  done integer not null default 0,
  handed integer not null default 0,
  not_before timestamptz not null,
  lease_owner uuid,
  lease_until timestamptz,
  primary key (message_id, seq)
);
alter table chunks alter column user_keys set storage external;
alter table chunks alter column installation_keys set storage external;
create index chunks_claim on chunks (priority, message_id, seq);

create type delivery_state as enum (
  'waiting', 'sent', 'delivered', 'seen', 'clicked', 'failed', 'skipped', 'expired', 'cancelled', 'unknown'
);

-- What became of one message to one address of one user. Partitions are ranges of message_id, hence of time.
create table deliveries (
  message_id uuid not null,
  user_key uuid not null,
  delivery_id uuid not null,
  app_key integer not null,
  installation_key uuid not null,
  -- What the caller named when there was no installation to send to.
  address text,
  state delivery_state not null,
  reason text,
  dismissed boolean not null default false,
  created_at timestamptz not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  seen_at timestamptz,
  clicked_at timestamptz,
  primary key (message_id, user_key, delivery_id)
) partition by range (message_id);
-- What a person was sent: their timeline, what a device that says hello has not acknowledged yet, and what an event
-- came after. Without the state, so that receipts need not touch it.
create index deliveries_user on deliveries (app_key, user_key, message_id);

-- Several rows a message, summed on read, so that workers and receipts do not queue on one row.
create table message_counters (
  message_id uuid not null,
  slot smallint not null,
  targeted integer not null default 0,
  waiting integer not null default 0,
  sent integer not null default 0,
  delivered integer not null default 0,
  seen integer not null default 0,
  clicked integer not null default 0,
  failed integer not null default 0,
  skipped integer not null default 0,
  expired integer not null default 0,
  cancelled integer not null default 0,
  unknown integer not null default 0,
  primary key (message_id, slot)
);

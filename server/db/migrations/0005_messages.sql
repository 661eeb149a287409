-- message_id is a UUIDv7: ordered by time of acceptance.
create table messages (
  message_id uuid primary key,
  app_key integer not null references apps,
  channel text not null check (channel in ('inbox', 'push', 'email', 'sms', 'whatsapp')),
  topic text not null,
  audience_kind text not null check (audience_kind in ('users', 'topic', 'target')),
  -- As asked: {"users": […]}, {"topic": "…"} or {"target": {…}}.
  audience jsonb not null,
  -- The request without its audience; what devices and providers get is made from it.
  content jsonb not null,
  -- Contents B, C … that are tried beside it, which is A; and which of all turned out to be the best.
  variants jsonb,
  winner smallint,
  -- How the best is found: {"by": …}, and when; null when somebody decides.
  winner_by text,
  decide_at timestamptz,
  -- Per cent of the audience that go first; the rest is of stage 1.
  first_share smallint,
  -- Chunks up to this stage may be sent.
  open_stage smallint not null default 0,
  -- What each user's clock shows when it is sent to them, as 2026-12-01T10:00.
  wall_time text,
  -- Recipients a minute; and when the next may be taken.
  throttle integer,
  next_at timestamptz,
  -- Whether it keeps to the app's quiet hours, and counts for its frequency cap.
  quiet boolean not null default false,
  capped boolean not null default false,
  source text not null check (source in ('api', 'panel')),
  -- The campaign that it is a run of, and what that was called then.
  campaign_id uuid,
  campaign_name text,
  track_id text,
  client_id text,
  status text not null check (status in ('accepted', 'expanding', 'running', 'paused', 'finished', 'cancelled')),
  -- Why it was paused by us: no provider would take it as it is.
  halted_detail text,
  -- 0 for small sends, 1 for large ones: a broadcast does not hold up a message to one person.
  priority smallint not null,
  -- Recipients with a key below this have their chunks; null when expansion has ended.
  expand_from uuid,
  next_chunk integer not null default 0,
  expires_at timestamptz,
  -- When those who still waited after its time were marked as such.
  swept_at timestamptz,
  created_at timestamptz not null,
  frozen_at timestamptz,
  finished_at timestamptz
);
create index messages_history on messages (app_key, message_id);
create index messages_of_campaign on messages (campaign_id, message_id) where campaign_id is not null;
-- Where the best of several contents is to be found.
create index messages_undecided on messages (decide_at) where decide_at is not null and open_stage = 0;
-- Sends to a filter that nobody planned are listed beside campaigns.
create index messages_unplanned on messages (app_key, message_id)
  where audience_kind = 'target' and campaign_id is null;
-- What the workers have to look at: large sends by turns, and what is left to finish.
create index messages_under_way on messages (priority, message_id) where status in ('expanding', 'running');
create index messages_cancelled on messages (message_id) where status = 'cancelled' and finished_at is null;
-- Where those who still wait are marked one day: after their time, after a month, or when it was cancelled.
create index messages_unswept on messages (message_id) where swept_at is null;
create index messages_expiring on messages (expires_at) where swept_at is null and expires_at is not null;
create index messages_withdrawn on messages (message_id) where swept_at is null and status = 'cancelled';

-- About 1,000 frozen recipients: pairs of user and installation, never tokens. Deleted once all of them have a
-- delivery row and were handed to the channel; those to try again take the place of the whole.
create table chunks (
  message_id uuid not null,
  seq integer not null,
  app_key integer not null,
  channel text not null,
  -- 0 for the message itself, 1 for what follows when it was not shown.
  step smallint not null default 0,
  -- Which content; of the rest of an audience, stage 1, that of the winner.
  variant smallint not null default 0,
  stage smallint not null default 0,
  -- Of pushes: who takes the tokens of these devices; null where it makes no difference, or nobody looked yet.
  token_service text,
  -- These have a row in the inbox already: the push only tells them of it, and is counted nowhere.
  is_alert boolean not null default false,
  -- How often these recipients were tried before.
  attempt smallint not null default 0,
  priority smallint not null,
  user_keys uuid[] not null,
  -- The nil uuid stands for a user without a device, or where the channel needs none.
  installation_keys uuid[] not null,
  -- The id that was asked for, of those whom nobody knows; null when all are known.
  addresses text[],
  -- Recipients before `done` are through; those before `started` may have been given to a provider, and those before
  -- `handed` were published to their inbox.
  done integer not null default 0,
  started integer not null default 0,
  handed integer not null default 0,
  -- Positions of those to try again, once the others are through, and when.
  again integer[] not null default '{}',
  again_at timestamptz,
  not_before timestamptz not null,
  lease_owner uuid,
  lease_until timestamptz,
  primary key (message_id, seq)
);
alter table chunks alter column user_keys set storage external;
alter table chunks alter column installation_keys set storage external;
-- Small sends by the time they are due; those of large ones are found by their message.
create index chunks_due on chunks (not_before, message_id, seq) where priority = 0;

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
  step smallint not null default 0,
  -- Which of several contents it was.
  variant smallint not null default 0,
  attempts smallint not null default 0,
  state delivery_state not null,
  dismissed boolean not null default false,
  created_at timestamptz not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  seen_at timestamptz,
  clicked_at timestamptz,
  -- The account that carried it, and what its provider calls it.
  account_key integer,
  provider_id text,
  reason text,
  -- The provider's own word for the reason, and its sentence.
  code text,
  detail text,
  -- What the caller named when there was nobody to send to.
  address text,
  primary key (message_id, user_key, delivery_id)
) partition by range (message_id);
-- What a person was sent: their timeline, what a device that says hello has not acknowledged yet, and what an event
-- came after. Without the state, so that receipts need not touch it.
create index deliveries_user on deliveries (app_key, user_key, message_id);

-- Finds a delivery by what a provider calls it, where its receipts do not name ours. Partitioned as deliveries are.
create table provider_ids (
  message_id uuid not null,
  account_key integer not null,
  -- 128 bits of sha-256.
  provider_hash uuid not null,
  user_key uuid not null,
  delivery_id uuid not null,
  primary key (account_key, provider_hash, message_id)
) partition by range (message_id);

-- Several rows a message, summed on read, so that workers and receipts do not queue on one row.
create table message_counters (
  message_id uuid not null,
  slot smallint not null,
  -- Recipients whose content is found later are targeted under -1.
  variant smallint not null default 0,
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
  -- Recipients that came to an end in the latest span of time, and in the one before: how fast it goes.
  span bigint not null default 0,
  in_span integer not null default 0,
  in_span_before integer not null default 0,
  primary key (message_id, slot, variant)
);

-- Why recipients were not reached, counted with the rows. Few rows a message.
create table message_reasons (
  message_id uuid not null,
  slot smallint not null,
  state delivery_state not null,
  reason text not null,
  -- Empty where the provider gave none.
  code text not null,
  count integer not null,
  primary key (message_id, slot, state, reason, code)
);

-- Receipts that came before the row they speak of, or about nothing that we know.
create table parked_receipts (
  receipt_id uuid primary key,
  -- The delivery's id, or the hash of account and what the provider calls it.
  park_key uuid not null,
  app_key integer not null,
  -- With the delivery's id: the rest of its key. Else the account.
  message_id uuid,
  user_key uuid,
  account_key integer,
  state text not null,
  at timestamptz not null,
  code text,
  detail text,
  received_at timestamptz not null
);
create index parked_receipts_key on parked_receipts (park_key);
create index parked_receipts_age on parked_receipts (received_at);

-- Addresses that are dead: nothing is sent to them until somebody says otherwise.
create table suppressions (
  app_key integer not null,
  channel text not null check (channel in ('email', 'sms', 'whatsapp')),
  address text collate "C" not null,
  reason text not null,
  detail text,
  created_at timestamptz not null,
  primary key (app_key, channel, address)
);

-- Addresses that several users share, and who of them gets a message: one address gets it once.
create table shared_addresses (
  message_id uuid not null,
  address_hash uuid not null,
  user_key uuid not null,
  primary key (message_id, address_hash)
);

-- Answers to requests that named themselves, so that the same again is the same.
create table idempotency_keys (
  app_key integer not null,
  key_hash uuid not null,
  request_hash uuid not null,
  answer jsonb not null,
  created_at timestamptz not null,
  primary key (app_key, key_hash)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- What the overview shows, counted beforehand by the worker: nothing of it is read from users or deliveries.

-- What became of the messages that an app took in within a quarter of an hour, by channel: their counters, summed.
create table send_tallies (
  app_key integer not null,
  at timestamptz not null,
  channel text not null,
  targeted bigint not null,
  sent bigint not null,
  delivered bigint not null,
  seen bigint not null,
  clicked bigint not null,
  failed bigint not null,
  -- Why those failed: {"gone": 12, …}.
  reasons jsonb not null,
  primary key (app_key, at, channel)
);

-- When each quarter of an hour was last summed, of all apps at once. Those who get a message go on reading it for days, so
-- it is done again and again, ever more rarely.
create table send_tallied (
  at timestamptz primary key,
  tallied_at timestamptz not null
);

-- How many there are, and how many of them each channel reaches; the latest count of each day of the app's.
create table reach_days (
  app_key integer not null references apps,
  day date not null,
  users bigint not null,
  installations bigint not null,
  inbox bigint not null,
  push bigint not null,
  email bigint not null,
  sms bigint not null,
  whatsapp bigint not null,
  counted_at timestamptz not null,
  -- How long it took: what is slow is done less often.
  took_ms integer not null,
  primary key (app_key, day)
);

-- What the overview looks for.
create index messages_paused on messages (app_key, message_id) where status = 'paused';
create index campaigns_failed on campaigns (app_key, campaign_id) where failure is not null;

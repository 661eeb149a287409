-- What happened: the timeline, and its roll-up per user. Partitions are ranges of `at`, so that old ones can be dropped.
create table events (
  app_key integer not null,
  user_key uuid not null,
  at timestamptz not null,
  -- 128 bits of sha-256 of the sender's id of the event, or of all that it says.
  event_id uuid not null,
  name text not null,
  installation_key uuid,
  value double precision,
  -- A value that is no number.
  value_text text,
  data jsonb not null,
  -- The message that reached the user within the twelve hours before, and whether they had clicked it.
  influence_message_id uuid,
  influence_direct boolean,
  created_at timestamptz not null,
  primary key (app_key, user_key, at, event_id)
) partition by range (at);
create index events_name on events (app_key, name, at) include (user_key, value);

-- Events that came with an id of their sender's: one id is one event, whenever it is said to have happened, which the
-- key of a table in partitions by time cannot say.
create table event_ids (
  app_key integer not null,
  user_key uuid not null,
  event_id uuid not null,
  at timestamptz not null,
  primary key (app_key, user_key, event_id)
);

-- What names there are and what they add up to, in several rows a name that are summed on read, so that writers do not
-- queue on one. Changed in the same transaction as the behaviours.
create table event_counters (
  app_key integer not null,
  name text not null,
  slot smallint not null,
  count bigint not null,
  -- Users who have the behaviour.
  users bigint not null,
  value_count bigint not null,
  value_sum double precision not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (app_key, name, slot)
);

create table behaviours (
  app_key integer not null,
  user_key uuid not null,
  name text not null,
  count integer not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  -- Which event the last value is of: of two at the same moment the one with the higher id.
  last_event_id uuid not null,
  last_value double precision,
  last_value_text text,
  -- Of the numeric values.
  value_count integer not null,
  value_sum double precision not null,
  value_min double precision,
  value_max double precision,
  primary key (app_key, user_key, name)
) partition by hash (name);

-- So that who did one thing is found among a sixteenth of all that was done, without an index that every event would
-- have to change.
do $$
begin
  for part in 0..15 loop
    execute format(
      'create table behaviours_%s partition of behaviours for values with (modulus 16, remainder %s)', part, part);
  end loop;
end $$;

-- Per-user tables carry user_key in every key: 128 bits of sha-256 over app and user id, so that a range of keys is a
-- fair slice, and so that they can be distributed by it.
create table users (
  app_key integer not null,
  user_key uuid not null,
  user_id text not null,
  is_guest boolean not null,
  -- Compared by bytes in any database, so that the start of one is a range of an index.
  email text collate "C",
  phone text collate "C",
  -- What WhatsApp calls them with this business, where it hides their number or says it besides.
  whatsapp_id text collate "C",
  language text,
  -- Channels the user left: email, sms, whatsapp. Push is left by installation.
  opted_out text[] not null default '{}',
  -- Topics that they do not want to hear of, on any channel.
  left_topics text[] not null default '{}',
  -- What reaches them: 1 e-mail, 2 SMS, 4 WhatsApp, added up.
  reach smallint not null generated always as (
    (case when email is not null and not opted_out @> '{email}' then 1 else 0 end)
    + (case when phone is not null and not opted_out @> '{sms}' then 2 else 0 end)
    + (case when coalesce(phone, whatsapp_id) is not null and not opted_out @> '{whatsapp}' then 4 else 0 end)) stored,
  attributes jsonb not null,
  -- Plain tags, and `key_value` of every pair in value_tags: what segments read.
  tags text[] not null,
  -- The pairs behind the `key_value` tags, so that a new value can replace the old one.
  value_tags jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (app_key, user_key)
);
create index users_tags on users using gin (tags);
-- Lists and searches by the start of the id; "C" so that a prefix is a range in any database.
create index users_user_id on users (app_key, user_id collate "C");

-- Who has this phone or address, or one that starts so: imports by phone or e-mail, and searches. With the user id, by
-- which a search orders what it finds.
create index users_phone on users (app_key, phone, user_id collate "C") where phone is not null;
create index users_email on users (app_key, email, user_id collate "C") where email is not null;
create index users_whatsapp on users (app_key, whatsapp_id) where whatsapp_id is not null;

-- What an app had in a quarter of an hour, in whichever time zone its days begin: new users and devices by the time they
-- were made, without those that are no more; visits and uninstalls. A row for each transaction that adds to it, so that
-- writers never wait for one another; the worker makes one of them.
create table tallies (
  app_key integer not null,
  at timestamptz not null,
  users integer not null default 0,
  installations integer not null default 0,
  visits integer not null default 0,
  uninstalls integer not null default 0
);
create index tallies_at on tallies (app_key, at);

-- Guests who logged in, and as whom: what still speaks of the guest means the user. Distributed by its own key.
create table user_aliases (
  app_key integer not null,
  user_key uuid not null,
  user_id text not null,
  owner_key uuid not null,
  created_at timestamptz not null,
  primary key (app_key, user_key)
);
create index user_aliases_owner on user_aliases (app_key, owner_key);

-- What attributes there are, and the type of each: fixed by whoever writes it first. Small, and in every place the same.
create table attributes (
  app_key integer not null references apps,
  name text not null,
  type text not null
    check (type in ('TEXT', 'NUMBER', 'BOOLEAN', 'DATE', 'TIME', 'DATETIME', 'ARRAY', 'OBJECT', 'LOCATION')),
  -- The import that wrote it first; its undo frees the name, if nobody has it any more.
  import_id uuid,
  -- Whether an index finds users by its value: asked for, there, or why it is not.
  fast text not null default 'no' check (fast in ('no', 'building', 'ready', 'failed')),
  fast_failure text,
  created_at timestamptz not null,
  primary key (app_key, name)
);

-- What tags and topics there are, to choose from; written with the users and devices that bring them.
create table tags (
  app_key integer not null,
  tag text collate "C" not null,
  primary key (app_key, tag)
);
create table topics (
  app_key integer not null,
  topic text collate "C" not null,
  primary key (app_key, topic)
);

create table installations (
  app_key integer not null,
  user_key uuid not null,
  installation_key uuid not null,
  installation_id text not null,
  device_type text not null,
  device_model text,
  -- Of a web device: chrome, firefox, safari …
  browser text,
  os_version text,
  -- Sortable form of the version, four parts of 15 to 16 bits; null when the text is not a version.
  os_version_n bigint,
  client_version text,
  client_version_n bigint,
  launch_count integer,
  install_date timestamptz,
  launch_time timestamptz,
  device_token text,
  -- Who takes the token: fcm, apns, webpush; or one that Chapar does not send through (adm, hms, wns …).
  token_service text,
  -- When the device last said that it has this token; null when it came with a file.
  token_at timestamptz,
  language text,
  country text,
  -- Name of a time zone (IANA), or the offset from UTC where only that is known, as +03:30.
  time_zone text,
  opted_out boolean not null,
  -- What reaches it: 0 nothing, 1 the inbox, 2 the inbox and push.
  reach smallint not null generated always as (
    case when opted_out or uninstalled_at is not null then 0
      when token_service in ('fcm', 'apns', 'webpush') then 2 else 1 end) stored,
  -- Public ones by their name, those of the user as `private/name`.
  topics text[] not null,
  -- Those of `topics` of which it wants nothing that comes while it is away.
  live_topics text[] not null default '{}',
  lat double precision,
  lng double precision,
  -- When the app was removed from the device; null again once it says that it is back.
  uninstalled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (app_key, user_key, installation_key)
);
-- Everything that a usual filter asks of devices, and that is counted of them, without a look at their rows.
create index installations_segment on installations (app_key, launch_time)
  include (device_type, launch_count, client_version_n, user_key, reach);
create index installations_topics on installations using gin (topics) where topics <> '{}';
create index installations_near on installations (app_key, lat, lng) where lat is not null;

-- Whose an installation is now, and was: people log in on their devices, and old messages keep the old key.
-- Distributed by its own key.
create table installation_directory (
  app_key integer not null,
  installation_key uuid not null,
  user_key uuid not null,
  past_user_keys uuid[],
  -- 128 bits of sha-256 of the push token: finds the installation that held a token before.
  token_hash uuid,
  -- Counts up when its password is revoked, which is derived from this and the key of the server.
  credentials smallint not null default 0,
  primary key (app_key, installation_key)
);
create index installation_directory_token on installation_directory (app_key, token_hash)
  where token_hash is not null;

-- Every time that an app was removed from a device, for reports of times past.
create table uninstalls (
  app_key integer not null,
  user_key uuid not null,
  installation_key uuid not null,
  at timestamptz not null,
  primary key (app_key, user_key, installation_key, at)
);
create index uninstalls_at on uninstalls (app_key, at);

-- Installations with a realtime connection. Lost with a crash of the server on purpose: devices say hello again.
create unlogged table presence (
  app_key integer not null,
  installation_key uuid not null,
  connected_at timestamptz not null,
  -- Perhaps it is gone: the broker was away meanwhile, and nobody would have told us.
  is_doubted boolean not null default false,
  primary key (app_key, installation_key)
);

-- When an api role last had its connection to the broker: presence that nobody watches over says nothing.
create unlogged table broker_beats (
  broker_id text primary key,
  seen_at timestamptz not null
);

-- The tags of a user after new plain tags and pairs came in: a pair replaces the tag of its old value.
create function merge_tags(old_tags text[], old_pairs jsonb, new_tags text[], new_pairs jsonb) returns text[]
language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct tag order by tag), '{}')
  from (
    select unnest(old_tags) as tag
    except
    select key || '_' || value from jsonb_each_text(old_pairs) where new_pairs ? key
    union
    select unnest(new_tags)
  ) as kept
$$;

-- The words of a name, as they are searched for: without capitals, accents and vowel signs, with one form of each Persian
-- and Arabic letter and digit. Cut, so that none is longer than the 2,046 bytes of a lexeme, whatever it unfolds to.
-- By array_to_tsvector, since the parser of to_tsvector cuts words by the locale of the server.
create function name_words(name text) returns text[]
language sql immutable parallel safe as $$
  select array_remove(string_to_array(
    left(
      translate(
        lower(normalize(left(name, 400), NFKD)),
        U&'\064A\0649\0643\0629' -- yeh, alef maksura, kaf, teh marbuta
          || U&'\0660\0661\0662\0663\0664\0665\0666\0667\0668\0669\06F0\06F1\06F2\06F3\06F4\06F5\06F6\06F7\06F8\06F9'
          || U&'.,;:!?()[]{}<>"''`/|@#&*+=_~\005C\002D\060C\061B\0009\000A\000D\00A0'
          || U&'\200B\200C\200D\200E\200F\0640\064B\064C\064D\064E\064F\0650\0651\0652\0653\0654\0655\0670'
          || U&'\0300\0301\0302\0303\0304\0306\0307\0308\030A\030B\030C\0323\0327\0328',
        U&'\06CC\06CC\06A9\0647' || '01234567890123456789' || repeat(' ', 35)
      ),
      500),
    ' '), '')
$$;

-- All of the words, each as the start of one; null for none. No word has a quote or a backslash in it.
create function name_query(search text) returns tsquery
language sql immutable parallel safe as $$
  select string_agg('''' || word || ''':*', ' & ')::tsquery from unnest(name_words(search)) as w (word)
$$;

-- Users without a name are not in it, so that an import without names pays nothing for it.
-- The expression is written out: PostgreSQL maintains an index without our schema in its search path, where a function
-- does not find another.
create index users_name on users using gin (array_to_tsvector(name_words(
    coalesce(attributes ->> 'name', '') || ' ' || coalesce(attributes ->> 'full_name', '') || ' ' ||
    coalesce(attributes ->> 'firstName', '') || ' ' || coalesce(attributes ->> 'lastName', '') || ' ' ||
    coalesce(attributes ->> 'first_name', '') || ' ' || coalesce(attributes ->> 'last_name', ''))))
  where attributes ?| array['name', 'full_name', 'firstName', 'lastName', 'first_name', 'last_name'];

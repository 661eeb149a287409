-- Images of e-mails, served to anybody who knows the address.
create table served_files (
  file_id uuid primary key,
  app_key integer not null references apps,
  name text not null,
  type text not null,
  width integer not null,
  height integer not null,
  content bytea not null,
  content_hash uuid not null,
  created_at timestamptz not null
);
alter table served_files alter column content set storage external;
create index served_files_of_app on served_files (app_key, file_id);
create unique index served_files_content on served_files (app_key, content_hash);

-- E-mails as the panel shows them while they are written: for minutes, and lost with a crash.
create unlogged table email_previews (
  preview_id uuid primary key,
  app_key integer not null,
  html text not null,
  created_at timestamptz not null
);
create index email_previews_age on email_previews (created_at);

-- What people did with a message beside its states, each thing once a delivery: opened, prefetched (a machine loaded the
-- images), clicked and scanned (a machine followed the link), left, complained. `link` counts from 1 in the message;
-- 0 where it is about none. Partitioned as deliveries are.
create table engagements (
  message_id uuid not null,
  user_key uuid not null,
  delivery_id uuid not null,
  what text not null check (what in ('opened', 'prefetched', 'clicked', 'scanned', 'left', 'complained', 'acted')),
  link smallint not null,
  times integer not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (message_id, user_key, delivery_id, what, link)
) partition by range (message_id);
-- What one person did: to hand it to them, and to forget it.
create index engagements_user on engagements (user_key);

-- The same added up: people, and how often. Several rows a thing, as other counters.
create table message_engagements (
  message_id uuid not null,
  slot smallint not null,
  what text not null,
  link smallint not null,
  people integer not null,
  times integer not null,
  primary key (message_id, slot, what, link)
);

-- What could not be delivered for now (mailbox full, server away, no WhatsApp): several in a fortnight, and the address
-- is left alone.
create table soft_bounces (
  app_key integer not null,
  channel text not null,
  address text collate "C" not null,
  delivery_id uuid not null,
  at timestamptz not null,
  primary key (app_key, channel, address, delivery_id)
);
create index soft_bounces_age on soft_bounces (at);

-- What topics are called where people choose them, and whether they are shown there. Beside the register of topics in
-- use, which forgets: what somebody named stays until they take it back.
create table topic_titles (
  app_key integer not null references apps,
  topic text collate "C" not null,
  -- By language: {"en": "News", "fa": "خبرها"}.
  titles jsonb not null,
  is_listed boolean not null,
  primary key (app_key, topic)
);

-- Plans to send.
create table campaigns (
  campaign_id uuid primary key,
  app_key integer not null references apps,
  name text not null,
  channel text not null,
  -- {"target": …} or {"segment": …}, with ids where it names segments; {"users": […]}; {"topic": …}.
  audience jsonb not null,
  content jsonb not null,
  -- {"schedule", "limits", "rollout", "variants", "winner"}.
  plan jsonb not null,
  source text not null check (source in ('api', 'panel')),
  -- Waiting for its next run, held back by somebody or by a fault, or with no run to come.
  phase text not null check (phase in ('draft', 'scheduled', 'paused', 'started', 'cancelled')),
  next_run_at timestamptz,
  runs integer not null default 0,
  failure text,
  -- Of the latest run.
  message_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  launched_at timestamptz,
  -- As of segments; only drafts are deleted.
  deleted_at timestamptz
);
create index campaigns_deleted on campaigns (deleted_at) where deleted_at is not null;
create index campaigns_history on campaigns (app_key, campaign_id);
create index campaigns_due on campaigns (next_run_at) where phase = 'scheduled';
create index campaigns_track on campaigns (app_key, (content ->> 'trackId')) where content ? 'trackId';

-- Campaigns that users got lately, for the frequency cap: the latest last, and no more than the cap has looked at.
create table campaign_touches (
  app_key integer not null,
  user_key uuid not null,
  message_ids uuid[] not null,
  times timestamptz[] not null,
  primary key (app_key, user_key)
);

-- What came of a message.
create index events_influence on events (influence_message_id) where influence_message_id is not null;

-- Codes for {{promo_code}}: a set for each track id of campaigns, and one for the app as a whole. Those of a set that is
-- not here are of one that was replaced, or is being uploaded.
create table promo_sets (
  app_key integer not null references apps,
  -- Empty for the app as a whole.
  track_id text not null,
  -- UUIDv7.
  promo_set_id uuid not null,
  total integer not null,
  updated_at timestamptz not null,
  primary key (app_key, track_id)
);

-- Codes that nobody has yet.
create table promo_codes (
  promo_set_id uuid not null,
  -- The place in the file.
  seq integer not null,
  code text not null,
  primary key (promo_set_id, seq)
);

-- Who got which: written before it is sent, so that a text that is written again says the same.
create table promo_given (
  message_id uuid not null,
  user_key uuid not null,
  app_key integer not null,
  code text not null,
  given_at timestamptz not null,
  primary key (message_id, user_key)
);
create index promo_given_user on promo_given (app_key, user_key);

-- Contents to start a campaign from.
create table saved_templates (
  template_id uuid primary key,
  app_key integer not null references apps,
  name text not null,
  -- The name as it is compared: names differ in more than capitals.
  name_key text not null,
  channel text not null,
  -- The latest one.
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  -- As of segments.
  deleted_at timestamptz
);
create unique index saved_templates_name on saved_templates (app_key, name_key) where deleted_at is null;
create index saved_templates_deleted on saved_templates (deleted_at) where deleted_at is not null;
create index saved_templates_history on saved_templates (app_key, template_id);

-- What they were and are. Never changed.
create table saved_template_versions (
  template_id uuid not null references saved_templates on delete cascade,
  version integer not null,
  content jsonb not null,
  created_at timestamptz not null,
  created_by text not null,
  primary key (template_id, version)
);

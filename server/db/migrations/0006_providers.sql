-- Accounts of providers: how messages of a channel leave.
create table provider_accounts (
  account_key integer generated always as identity primary key,
  account_id uuid not null unique,
  app_key integer not null references apps,
  channel text not null check (channel in ('push', 'email', 'sms', 'whatsapp')),
  provider text not null,
  name text not null,
  -- Of several active accounts of a channel the one with the lowest is used.
  priority integer not null,
  is_active boolean not null,
  rate_per_second numeric,
  concurrency integer not null,
  -- What one message costs (of SMS each of its parts), so that what is about to be sent can be reckoned; {"amount", "currency"}.
  price jsonb,
  -- The part that may be shown.
  config jsonb not null,
  -- The other part, encrypted with a key made of SECRET_KEY; the account id is sealed in, so that a row cannot be moved.
  secrets bytea,
  -- The address at which the provider reports; unguessable, since not every provider signs.
  receipts_key text not null unique,
  -- When the templates of its service were last fetched and last asked for, and why that came to nothing.
  templates_fetched_at timestamptz,
  templates_tried_at timestamptz,
  templates_failure text,
  -- Counts what somebody changed: what a worker found out about an earlier setting is not held against a later one.
  revision integer not null default 1,
  misconfigured_detail text,
  rests_until timestamptz,
  rests_detail text,
  -- Somebody looked at an account of which most addresses were called dead, and let it go on.
  trusts_gone_until timestamptz,
  -- Start of the next message that no worker has taken for itself: the rate of all workers together.
  next_free_at timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_failure text,
  -- Attempts of all workers in the latest minute that is counted, and in the one before: how it goes now.
  minute bigint not null default 0,
  accepted integer not null default 0,
  accepted_before integer not null default 0,
  failed integer not null default 0,
  failed_before integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null
) with (fillfactor = 50);
create index provider_accounts_route on provider_accounts (app_key, channel, priority, account_key);

-- Templates that the service of an account has approved, or not: as they were fetched, and reports since.
create table account_templates (
  account_key integer not null references provider_accounts on delete cascade,
  name text collate "C" not null,
  language text collate "C" not null,
  -- All of it, as the API shows it.
  template jsonb not null,
  primary key (account_key, name, language)
);

-- Whom a business wrote to first lately, where its provider limits how many these may be: by a hash of the address.
create table written_to (
  app_key integer not null,
  limit_name text not null,
  address_hash uuid not null,
  at timestamptz not null,
  primary key (app_key, limit_name, address_hash)
);
create index written_to_age on written_to (app_key, limit_name, at);

-- Reports of providers that were answered and are about to be applied: what a crash leaves is applied by whoever looks next.
create table reports (
  report_id uuid primary key,
  app_key integer not null,
  account_key integer not null,
  channel text not null,
  report jsonb not null,
  received_at timestamptz not null
);
create index reports_age on reports (received_at);

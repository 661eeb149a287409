-- Accounts of the panel. Tables and column names are better-auth's own (its Kysely adapter expects them).
create schema auth;

create table auth."user" (
  "id" text not null primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null,
  "image" text,
  "twoFactorEnabled" boolean not null default false,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);

create table auth."session" (
  "id" text not null primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth."user" ("id") on delete cascade
);
create index "session_userId_idx" on auth."session" ("userId");

create table auth."account" (
  "id" text not null primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null
);
create index "account_userId_idx" on auth."account" ("userId");

create table auth."verification" (
  "id" text not null primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);
create index "verification_identifier_idx" on auth."verification" ("identifier");

create table auth."twoFactor" (
  "id" text not null primary key,
  "secret" text not null,
  "backupCodes" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "verified" boolean not null default true,
  "failedVerificationCount" integer not null default 0,
  "lockedUntil" timestamptz
);
create index "twoFactor_secret_idx" on auth."twoFactor" ("secret");
create index "twoFactor_userId_idx" on auth."twoFactor" ("userId");

create table auth."rateLimit" (
  "id" text not null primary key,
  "key" text not null unique,
  "count" integer not null,
  "lastRequest" bigint not null
);

-- Apps, and who may speak for them. Small, and local to the coordinator when the data is spread over machines.
create table apps (
  app_key integer generated always as identity primary key,
  app_id text not null unique,
  name text not null,
  time_zone text not null,
  -- By each user's clock; both or none.
  quiet_from time,
  quiet_to time,
  -- Campaigns that a user gets at most in any so many hours; both or none.
  cap_messages smallint,
  cap_hours smallint,
  -- Whether a device must prove with a hash of the user id who logs in on it.
  requires_user_hash boolean not null default true,
  -- Counts up when the secret of those hashes is replaced: it is derived from this and the key of the server.
  user_hash_version smallint not null default 0,
  -- Realtime events that every device may listen to, whoever publishes them.
  public_events text[] not null default '{}',
  -- What a push shows that brings no title or text of its own; null for the app's name, and for words of ours.
  default_title text,
  default_alert text,
  -- Days after which files of imports go, with what became of each row; null keeps them.
  import_file_days integer default 90,
  created_at timestamptz not null
);

create table app_members (
  app_key integer not null references apps,
  account_id text not null references auth."user" ("id") on delete cascade,
  role text not null check (role in ('owner', 'admin', 'marketer', 'campaign_manager', 'analyst', 'support')),
  joined_at timestamptz not null,
  primary key (app_key, account_id)
);

-- Links that let somebody into the team: each works once.
create table invitations (
  invitation_id uuid primary key,
  app_key integer not null references apps,
  code_hash bytea not null unique,
  -- Only who has this address may take it.
  email text not null,
  role text not null check (role in ('owner', 'admin', 'marketer', 'campaign_manager', 'analyst', 'support')),
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz
);
create index invitations_app on invitations (app_key, invitation_id);

-- Wrong passwords in a row, by e-mail address, whether or not an account has it.
create table sign_in_failures (
  email text primary key,
  failures integer not null,
  last_at timestamptz not null
);

-- Tokens are random, so one sha-256 is enough: there is nothing to guess from a dictionary.
create table access_tokens (
  token_id uuid primary key,
  app_key integer not null references apps,
  name text not null,
  token_hash bytea not null unique,
  -- What it may be used for; null is everything.
  scopes text[],
  created_by text not null default '',
  created_at timestamptz not null,
  expires_at timestamptz,
  -- To the hour.
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index access_tokens_app on access_tokens (app_key, token_id);

-- Keys that stand in apps and pages for everybody to read. Who has one may only register a device and speak for it.
create table public_keys (
  key_id uuid primary key,
  app_key integer not null references apps,
  key text not null unique,
  name text not null,
  -- Web pages that may use it, as https://shop.example; `*` is any.
  origins text[] not null,
  created_at timestamptz not null
);
create index public_keys_app on public_keys (app_key, key_id);

-- The link of the first start: works once, until it expires.
create table first_sign_in (
  code_hash bytea primary key,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- What people and programs did that must be answered for. Never changed.
create table audit_log (
  audit_id uuid primary key,
  app_key integer not null references apps,
  at timestamptz not null,
  -- The name of an access token, or the e-mail address of an account.
  actor text not null,
  action text not null,
  -- Whom or what it was done to; of an erased person the sha-256 of app and user id, which proves it to who knows both.
  subject text not null,
  detail jsonb not null
);
create index audit_log_history on audit_log (app_key, audit_id);

-- Worker processes that are alive. One that stops beating loses its jobs and its leases.
create table workers (
  worker_id uuid primary key,
  job_worker_ids text[] not null,
  seen_at timestamptz not null
);

-- Sample data to try everything with, and what has to go with it: at most one of each app.
create table samples (
  app_key integer primary key references apps,
  import_id uuid,
  -- Who has the browser that messages are looked at in, and the key that it registers with.
  user_id text,
  key_id uuid,
  created_at timestamptz not null,
  -- When somebody asked for all of it to be removed.
  removal_at timestamptz
);

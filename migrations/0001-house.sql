-- The house: what belongs to the whole installation and holds no patron data. Its tables carry no row-level security
-- (a test lists them), because sign-in, hook routing and the search for due work happen before a library is known.
create schema house;
create schema roster;   -- patrons as the library system tells them: circulation duties only
create schema outreach; -- consent, standing, campaigns: keyed on a random number, never on the library system's id
create schema mail;     -- messages and what happened to them, each with a basis
create schema desk;     -- staff and audit

create table house.installation (
  only_row          boolean primary key default true check (only_row),
  keys_fingerprint  text not null,         -- of the key file: with other keys every hash and link would miss
  paused_because    text,                  -- set by a restore (promise 11); nothing is sent while it stands
  paused_at         timestamptz
);

create table house.library (
  library_no       integer generated always as identity primary key,
  key              text not null unique check (key ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name             text not null,
  timezone         text not null,
  postal_address   text not null,          -- CAN-SPAM §7704(a)(5): stands under every outreach message
  phone            text not null,
  email            text not null,
  url              text,
  signed_by        text,                   -- first name of a real person on the staff; null = nobody is named: the staff sign together
  language         text not null default 'en',
  demo             boolean not null default false, -- its mail never leaves the mailroom
  identity_of_all_because text,            -- why identity of people who agreed to nothing is kept; null = it is not (promise 6)
  -- The frequency budget, one for all departments.
  prompt_every_days      smallint not null default 90 check (prompt_every_days >= 1),
  prompts_without_life   smallint not null default 3 check (prompts_without_life >= 1),
  unasked_in_30_days     smallint not null default 2 check (unasked_in_30_days between 1 and 2),
  quiet_until_hour       smallint not null default 9 check (quiet_until_hour between 0 and 23),
  quiet_from_hour        smallint not null default 20 check (quiet_from_hour between 1 and 24),
  created_at       timestamptz not null default now(),
  check (quiet_until_hour < quiet_from_hour)
);

-- How fast and how much one sender may send. Counters, never COUNT(*): a daily cap that has to be counted fails just
-- when it matters. `tokens` refill at per_second, so that ten processes together keep one limit.
create table house.sender (
  library_no   integer not null references house.library,
  sender       text not null,
  per_second   integer check (per_second > 0),
  daily_cap    integer check (daily_cap > 0),
  tokens       double precision not null default 0,
  tokens_at    timestamptz not null default now(),
  day          date not null default current_date,
  sent_today   integer not null default 0,
  primary key (library_no, sender)
);

-- Where there is work, so that a worker finds it without opening any library's scope.
create table house.due (
  library_no   integer not null references house.library,
  sender       text not null,
  campaign_no  bigint not null,
  due_at       timestamptz not null,
  primary key (library_no, sender, campaign_no)
);
create index due_first on house.due (due_at);

create function house.current_library() returns integer language sql stable parallel safe
  return nullif(current_setting('gentle.library', true), '')::integer;

-- Fences a library's table: a transaction sees the rows of the library it has stated, and nothing before it has.
-- FORCE binds the owner too, and so every view the owner holds. The setting is read in a sub-select, once a statement
-- instead of once a row.
create procedure house.fence(tenant_table regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', tenant_table);
  execute format('alter table %s force row level security', tenant_table);
  execute format('create policy own_library on %s using (library_no = (select nullif(current_setting(''gentle.library'', true), '''')::integer))', tenant_table);
  execute format('create policy whole_backup on %s for select to gentle_backup using (true)', tenant_table);
  execute format('grant select on %s to gentle_backup', tenant_table);
end $$;

grant usage on schema house, roster, outreach, mail, desk to gentle_circulation, gentle_outreach, gentle_backup;
grant select on all tables in schema house to gentle_backup;
grant select on house.installation, house.library, house.sender, house.due to gentle_circulation, gentle_outreach;
grant insert, update on house.library, house.installation to gentle_circulation;
grant insert, update on house.sender to gentle_circulation, gentle_outreach;
grant insert, update, delete on house.due to gentle_circulation, gentle_outreach;

-- Consent: an append-only ledger with one hash chain a library, the suppressions that override it, and standing, the
-- narrow row a patron from which everything hot is answered and which can always be rebuilt.

-- The exact words a person saw when they chose. Named by the hash of its text, so a wording can never change afterwards.
create table outreach.wording (
  library_no  integer not null,
  wording_id  text not null,
  said        text not null,
  first_seen  timestamptz not null default now(),
  primary key (library_no, wording_id)
);

create table outreach.ledger (
  library_no   integer not null,
  entry_no     bigint not null,            -- 1, 2, 3 … without a gap: given out under the lock on ledger_head
  patron_no    bigint not null,
  purpose      text not null,              -- 'all' = every purpose that rests on consent
  channel      text not null,              -- 'all' = every channel
  decision     text not null check (decision in ('grant', 'deny', 'stop', 'pause')),
  until        timestamptz,                -- of a pause
  method       text not null,
  wording_id   text,
  decided_at   timestamptz not null,
  recorded_at  timestamptz not null,
  attested_by  text not null,
  entry_hash   bytea not null,             -- SHA-256 over the entry before it and this one
  primary key (library_no, entry_no),
  check (decision <> 'grant' or wording_id is not null),
  check ((decision = 'pause') = (until is not null))
);
create index ledger_by_patron on outreach.ledger (library_no, patron_no, entry_no);

create table outreach.ledger_head (
  library_no  integer primary key,
  entries     bigint not null,
  head        bytea not null
);

create function outreach.ledger_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the consent ledger is append-only';
end $$;
create trigger append_only before update or delete or truncate on outreach.ledger
  for each statement execute function outreach.ledger_is_append_only();

create table outreach.suppression (
  library_no     integer not null,
  suppression_no bigint generated always as identity,
  channel        text not null,
  address_hash   bytea not null,
  purposes       bigint not null,          -- mask of the purposes it covers; -1 = all
  reason         text not null check (reason in ('stopped', 'bounced', 'complained', 'staff')),
  since          timestamptz not null,
  lifted_at      timestamptz,              -- only by the person's own later grant, or by staff for a mended address
  primary key (library_no, suppression_no)
);
create index suppression_in_force on outreach.suppression (library_no, channel, address_hash) where lifted_at is null;

create table outreach.standing (
  library_no       integer not null,
  patron_no        bigint not null,
  -- What the roster says.
  last_use         smallint,              -- months since year 0; null = never used
  missing          smallint not null default 0,
  status           text not null check (status in ('active', 'barred', 'deceased', 'closed')),
  branch           text not null,
  category         text not null,
  language         text not null,
  minor_until      date,
  expires_on       date,
  email_given      boolean not null,       -- something stands in the e-mail column of the library's file
  email_usable     boolean not null,       -- and it is an address that mail could reach
  email_hash       bytea,
  phone_given      boolean not null default false,
  phone_hash       bytea,
  address_shared   boolean not null default false, -- somebody else has the same e-mail: greeted without a name
  household        bigint not null,        -- the same for all who share an e-mail or a phone: written to once
  identity_known   boolean not null default false,
  -- What the ledger says: one mask of purposes a channel; dates of a stop or grant stay in the ledger.
  agreed_email     bigint not null default 0,
  agreed_sms       bigint not null default 0,
  agreed_post      bigint not null default 0,
  refused_email    bigint not null default 0,
  refused_sms      bigint not null default 0,
  refused_post     bigint not null default 0,
  paused_until     timestamptz,
  -- What was sent: the frequency budget of this person's household.
  prompted_at        timestamptz,
  prompts_unanswered smallint not null default 0,
  unasked_at         timestamptz,
  unasked_before_at  timestamptz,
  touched_by         bigint,               -- the message that last drew on the budget: its own second try is not held back by it
  primary key (library_no, patron_no)
) with (fillfactor = 85);
create index standing_by_last_use on outreach.standing (library_no, last_use);
create index standing_by_household on outreach.standing (library_no, household) where agreed_email <> 0;

-- Patrons whose standing could not be brought up to date in the breath of their choice, because bulk work held the row.
create table outreach.stale (
  library_no integer not null,
  patron_no  bigint not null,
  since      timestamptz not null default now()
);
create index stale_by_patron on outreach.stale (library_no, patron_no);

call house.fence('outreach.wording');
call house.fence('outreach.ledger');
call house.fence('outreach.ledger_head');
call house.fence('outreach.suppression');
call house.fence('outreach.standing');
call house.fence('outreach.stale');

-- THE WALL. Outreach meets a person as a row only once that person has agreed to something; the rest it can count.
create policy agreed_only on outreach.standing as restrictive to gentle_outreach
  using (agreed_email <> 0 or agreed_sms <> 0 or agreed_post <> 0);

-- Outreach reads the ledger and never adds to it: whoever sends must not be able to write down a yes.
grant select, insert on outreach.wording, outreach.ledger to gentle_circulation;
grant select on outreach.wording, outreach.ledger to gentle_outreach;
grant select, insert on outreach.suppression to gentle_circulation, gentle_outreach;
grant update (lifted_at) on outreach.suppression to gentle_circulation;
grant select, insert, update on outreach.ledger_head to gentle_circulation;
grant select, insert, update, delete on outreach.standing to gentle_circulation;
-- Delete: only what an import that broke off left behind, of which nobody can have chosen anything yet.
create policy never_chose on outreach.standing as restrictive for delete to gentle_circulation
  using (0 = all (array[agreed_email, agreed_sms, agreed_post, refused_email, refused_sms, refused_post]));
grant select on outreach.standing to gentle_outreach;
grant update (prompted_at, prompts_unanswered, unasked_at, unasked_before_at, touched_by) on outreach.standing to gentle_outreach;
grant select, insert, update, delete on outreach.stale to gentle_circulation; -- update: to lock a row
grant select on outreach.stale to gentle_outreach;

-- Identity, for the purpose that the transaction has stated and this patron has agreed to; an address only for the
-- channel agreed to. No purpose stated, no row. A view's owner is bound by row-level security like everybody (FORCE).
create view roster.reachable with (security_barrier = true) as
  select i.library_no, i.patron_no, i.given_name, i.preferred_name, s.language, s.address_shared,
         case when (s.agreed_email >> p.purpose) & 1 = 1 then i.email end as email,
         case when (s.agreed_sms >> p.purpose) & 1 = 1 then i.phone end as phone
  from roster.identity i
  join outreach.standing s on s.library_no = i.library_no and s.patron_no = i.patron_no
  cross join lateral (select nullif(current_setting('gentle.purpose', true), '')::integer as purpose) p
  where ((s.agreed_email | s.agreed_sms | s.agreed_post) >> p.purpose) & 1 = 1;

-- Facts of everybody, for counting: no patron number, and a household's key only where somebody of it agreed.
create view roster.headcount with (security_barrier = true) as
  select library_no, last_use, missing, status, branch, category, language, minor_until, expires_on, email_given,
         email_usable, identity_known,
         case when agreed_email <> 0 then email_hash end as email_hash,
         case when agreed_email <> 0 then household end as household,
         agreed_email, agreed_sms, agreed_post, refused_email, refused_sms, refused_post, paused_until,
         prompted_at, prompts_unanswered, unasked_at, unasked_before_at
  from outreach.standing;

grant select on roster.reachable, roster.headcount to gentle_outreach;

-- After a first import PostgreSQL knows nothing of what has come in until its autovacuum passes by, and would plan the next
-- minute's questions for an empty library. Only an owner may tell it to look; it looks at the columns that are asked by.
create function outreach.take_stock() returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  analyze (skip_locked) roster.patron (library_no, patron_id, patron_no, missing),
    outreach.standing (library_no, patron_no, last_use, missing, status, household, agreed_email, agreed_sms, agreed_post);
end $$;
revoke execute on function outreach.take_stock from public;
grant execute on function outreach.take_stock to gentle_circulation;

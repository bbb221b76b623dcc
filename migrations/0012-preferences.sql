-- What readers decide on their own pages beyond yes and no: how often at most and in which language; the fresh code that
-- proves who is at the page; and what they tell us about their life, which pauses at once and waits for staff as a task.

-- Each wish appended, the newest counts. Not in the ledger: a wish grants nothing, so it owes nobody evidence, and it is
-- forgotten with its person.
create table outreach.preference (
  library_no    integer not null,
  preference_no bigint generated always as identity,
  patron_no     bigint not null,
  about         text not null check (about in ('pace', 'language')),
  pace_days     smallint check (pace_days in (30, 90, 180)),   -- null = the library's pace
  language      text,                                          -- null = the one in the patron file
  method        text not null,
  said_at       timestamptz not null,
  primary key (library_no, preference_no),
  check (about = 'pace' or pace_days is null),
  check (about = 'language' or language is null)
);
create index preference_by_patron on outreach.preference (library_no, patron_no, preference_no);
call house.fence('outreach.preference');
grant select, insert, delete on outreach.preference to gentle_circulation; -- delete: to forget somebody

-- Derived from the above, like the masks from the ledger.
alter table outreach.standing add column own_pace_days smallint, add column own_language text;

-- Whoever asks for their own page by typing an address is found by it; only people who ever chose something, so that an
-- import writes nothing here for the rest.
create index standing_by_email on outreach.standing (library_no, email_hash)
  where agreed_email <> 0 or refused_email <> 0 or agreed_sms <> 0 or refused_sms <> 0 or agreed_post <> 0 or refused_post <> 0;

-- One at a time for an address. Of the code there is a keyed hash whose key lies outside the database: a million
-- possible codes would be tried in a second otherwise.
create table outreach.fresh_code (
  library_no   integer not null,
  patron_no    bigint not null,
  address_hash bytea not null,
  code_hash    bytea not null,
  expires_at   timestamptz not null,
  tries_left   smallint not null check (tries_left >= 0),
  primary key (library_no, patron_no, address_hash)
);
call house.fence('outreach.fresh_code');
grant select, insert, update, delete on outreach.fresh_code to gentle_circulation;

-- What waits for a person on the staff. `said` are the reader's own words; they go when the task is closed.
create table desk.task (
  library_no   integer not null,
  task_no      bigint generated always as identity,
  kind         text not null check (kind in ('moved', 'not-me', 'died', 'address')),
  patron_no    bigint not null,
  address_hash bytea,
  said         text,
  state        text not null default 'open' check (state in ('open', 'closed')),
  opened_at    timestamptz not null,
  due          date not null,
  closed_at    timestamptz,
  closed_by    text,
  outcome      text check (outcome in ('yes', 'no')),
  primary key (library_no, task_no),
  check ((state = 'closed') = (closed_at is not null and closed_by is not null and outcome is not null)),
  check (state = 'open' or said is null)
);
-- The same news twice is one task.
create unique index task_open_once on desk.task (library_no, patron_no, kind) where state = 'open';
create index task_open on desk.task (library_no, due, task_no) where state = 'open';
call house.fence('desk.task');
grant select, insert, delete on desk.task to gentle_circulation; -- delete: to forget somebody
grant update (said, state, closed_at, closed_by, outcome) on desk.task to gentle_circulation;

-- An address of which a reader told us that its person moved, died, or never was there: nothing goes to it until staff
-- have looked. A reason of its own, because it is nobody's stop and not staff's word either.
alter table outreach.suppression drop constraint suppression_reason_check,
  add constraint suppression_reason_check check (reason in ('stopped', 'bounced', 'complained', 'staff', 'life-event'));

-- Mail is written in the language that the reader chose, and everybody can be counted by their own pace.
create or replace view roster.reachable with (security_barrier = true) as
  select i.library_no, i.patron_no, i.given_name, i.preferred_name, coalesce(s.own_language, s.language) as language, s.address_shared,
         case when (s.agreed_email >> p.purpose) & 1 = 1 then i.email end as email,
         case when (s.agreed_sms >> p.purpose) & 1 = 1 then i.phone end as phone
  from roster.identity i
  join outreach.standing s on s.library_no = i.library_no and s.patron_no = i.patron_no
  cross join lateral (select nullif(current_setting('gentle.purpose', true), '')::integer as purpose) p
  where ((s.agreed_email | s.agreed_sms | s.agreed_post) >> p.purpose) & 1 = 1;

create or replace view roster.headcount with (security_barrier = true) as
  select library_no, last_use, missing, status, branch, category, language, minor_until, expires_on, email_given,
         email_usable, identity_known,
         case when agreed_email <> 0 then email_hash end as email_hash,
         case when agreed_email <> 0 then household end as household,
         agreed_email, agreed_sms, agreed_post, refused_email, refused_sms, refused_post, paused_until,
         prompted_at, prompts_unanswered, unasked_at, unasked_before_at, topics, has_card,
         agreed_email_on, agreed_sms_on, agreed_post_on, own_pace_days
  from outreach.standing;

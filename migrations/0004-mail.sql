-- Messages and what happened to them, and the campaigns they belong to.
create sequence outreach.campaign_no;
create sequence mail.message_no;

create table outreach.campaign (
  library_no    integer not null,
  campaign_no   bigint not null default nextval('outreach.campaign_no'),
  key           text not null,
  name          text not null,
  purpose       text not null,
  channel       text not null,
  segment       jsonb not null,
  letter        jsonb not null,
  holdout_share real not null default 0 check (holdout_share >= 0 and holdout_share <= 0.5),
  holdout_seed  text,
  from_hour     smallint not null check (from_hour between 0 and 23),
  until_hour    smallint not null check (until_hour between 1 and 24),
  grace_minutes integer not null default 15 check (grace_minutes >= 0),
  state         text not null default 'draft'
                check (state in ('draft', 'approved', 'launched', 'paused', 'cancelled')),
  approved_by   text,
  approved_at   timestamptz,
  launched_at   timestamptz,
  starts_at     timestamptz,
  chosen        integer,
  sendable      integer,
  households    integer,
  holdout       integer,
  reasons       jsonb,                     -- why the others were left out, as counted at launch
  created_at    timestamptz not null default now(),
  primary key (library_no, campaign_no),
  unique (library_no, key)
);

-- The people a campaign does not write to, to learn its effect; drawn with the seed above.
create table outreach.holdout (
  library_no  integer not null,
  campaign_no bigint not null,
  patron_no   bigint not null,
  primary key (library_no, campaign_no, patron_no)
);

create table mail.message (
  library_no   integer not null,
  message_no   bigint not null,
  campaign_no  bigint,
  patron_no    bigint not null,
  channel      text not null,
  purpose      text not null,
  basis        text not null check (basis in ('service', 'consent')),
  sender       text not null,
  state        text not null check (state in
    ('waiting', 'handing', 'accepted', 'delivered', 'withheld', 'cancelled', 'failed', 'bounced', 'unknown')),
  due_at       timestamptz not null,
  taken_at     timestamptz,
  attempts     smallint not null default 0,
  reasons      text[],                     -- codes of the rules that withheld it
  facts        jsonb,                      -- what those rules saw, and their version
  primary key (library_no, message_no)
) with (fillfactor = 90);
create unique index message_once on mail.message (library_no, campaign_no, patron_no, channel) where campaign_no is not null;
create index message_waiting on mail.message (library_no, campaign_no, due_at, message_no) where state = 'waiting';
create index message_handing on mail.message (library_no, taken_at) where state = 'handing';

create table mail.event (
  library_no  integer not null,
  message_no  bigint not null,
  event_no    bigint generated always as identity,
  basis       text not null,
  kind        text not null,
  at          timestamptz not null default clock_timestamp(),
  code        text,
  said        text,
  primary key (library_no, message_no, event_no)
);

create table desk.audit (
  library_no  integer not null,
  audit_no    bigint generated always as identity,
  at          timestamptz not null default clock_timestamp(),
  who         text not null,
  did         text not null,
  about       jsonb not null,
  primary key (library_no, audit_no)
);

call house.fence('outreach.campaign');
call house.fence('outreach.holdout');
call house.fence('mail.message');
call house.fence('mail.event');
call house.fence('desk.audit');

-- The other half of the wall: outreach sees the mail that rests on consent, never a notice.
create policy consent_only on mail.message as restrictive to gentle_outreach using (basis = 'consent');
create policy consent_only on mail.event as restrictive to gentle_outreach using (basis = 'consent');

grant select, insert, update on outreach.campaign to gentle_outreach;
grant select on outreach.campaign, outreach.holdout, mail.message, mail.event to gentle_circulation;
grant select, insert on outreach.holdout, mail.event to gentle_outreach;
grant select, insert, update on mail.message to gentle_outreach;
grant usage on sequence outreach.campaign_no, mail.message_no to gentle_outreach;
grant select, insert on desk.audit to gentle_circulation, gentle_outreach;

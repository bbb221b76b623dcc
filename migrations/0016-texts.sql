-- Texts, in both directions: the lines they travel on, what went out and came in, the conversations they belong to, the
-- phones that must not be texted, and what the library system has to be told. Circulation's alone: outreach sends none.

-- A line is a number that texts leave from and come back to. Its speed and its daily cap, in parts, are a row of
-- house.sender under its host; what signs in at the provider is sealed with a key outside the database.
create table house.line (
  line_no        integer generated always as identity primary key,
  host_no        integer not null references house.library, -- keeps what cannot be told to be anybody's yet
  number         text not null unique check (number ~ '^(\+[1-9][0-9]{6,14}|[0-9]{3,8})$'),
  provider       text not null,
  settings       jsonb not null default '{}',
  secrets        bytea,
  answers_itself boolean not null default false, -- the provider answers STOP, HELP and START by itself
  sender         text not null,
  fetched_until  timestamptz,                    -- up to when the provider was asked what came in
  fetching_since timestamptz,
  ended_at       timestamptz,
  created_at     timestamptz not null default now()
);

-- Whose texts travel on it, and the word by which a person names each: "Which library? Reply MAPLE or BIRCH."
create table house.line_library (
  line_no    integer not null references house.line,
  library_no integer not null references house.library,
  word       text not null check (word ~ '^[A-Z0-9]{2,20}$'),
  primary key (line_no, library_no),
  unique (line_no, word)
);
create index line_of_library on house.line_library (library_no);

-- Who reads the answers, and when. A library that has no row here has not been asked yet; it counts as watched on weekdays.
create table house.answering (
  library_no       integer primary key references house.library,
  watched          boolean not null default true,  -- false: "not watched; call us at …"; no due time is counted
  open_hours       jsonb not null default '{"mon":["09:00-17:00"],"tue":["09:00-17:00"],"wed":["09:00-17:00"],"thu":["09:00-17:00"],"fri":["09:00-17:00"]}',
  closed_on        date[] not null default '{}',
  due_minutes      integer not null default 120 check (due_minutes between 5 and 6000), -- of open hours
  email            text,                           -- null = the library's own address
  escalate_to      text,
  pointer_only     boolean not null default false, -- the mail says only that something waits: mail there is a public record
  staff_domains    text[] not null default '{}',   -- whose mail may answer; none named = the domain of the address above
  texts_from_hour  smallint not null default 9 check (texts_from_hour between 8 and 20),
  texts_until_hour smallint not null default 21 check (texts_until_hour between 9 and 21),
  about_each_month smallint not null default 2 check (about_each_month between 1 and 60), -- said in the first text
  helpful          jsonb not null default '[]',    -- HOURS, WHERE …: words and the library's own answers
  check (texts_from_hour < texts_until_hour)
);

create table mail.conversation (
  library_no      integer not null,
  conversation_no bigint generated always as identity,
  channel         text not null default 'sms' check (channel = 'sms'),
  line_no         integer not null,
  phone           text,                    -- null once it is forgotten
  phone_hash      bytea not null,
  patron_no       bigint,                  -- only where the phone is known to be one person's
  language        text not null,
  state           text not null check (state in ('open', 'closed')),
  owner           text,
  waiting_since   timestamptz,             -- of the oldest text that nobody has answered; null = nobody waits
  due_at          timestamptz,             -- of the answer, in the library's open hours; null = not counted
  escalated_at    timestamptz,
  acknowledged_on date,                    -- the evening on which "we are closed" was said
  last_in_at      timestamptz,
  last_out_at     timestamptz,
  closed_at       timestamptz,
  closed_by       text,
  closed_rule     text,
  change_no       bigint not null,         -- rises with every change: a page asks for what is newer than it has
  primary key (library_no, conversation_no),
  unique (library_no, line_no, phone_hash),
  check ((state = 'closed') = (closed_at is not null)),
  check (closed_at is null or closed_by is not null or closed_rule is not null), -- a person or a stated rule, never nobody
  check (state = 'open' or waiting_since is null)
);
create sequence mail.change_no;
create index conversation_open on mail.conversation (library_no, due_at) where state = 'open';
create index conversation_changed on mail.conversation (library_no, change_no);

create table mail.text (
  library_no      integer not null,
  text_no         bigint generated always as identity,
  line_no         integer not null,
  direction       text not null check (direction in ('out', 'in')),
  basis           text not null default 'service' check (basis = 'service'),
  -- Out: a notice; the first text to a number; a person's answer; the confirmation of a keyword; a fixed answer (to HELP,
  -- HOURS, "Which library?", a wrong number); "we are closed, somebody reads it tomorrow". In: what a person wrote.
  kind            text not null check (kind in ('notice', 'first', 'answer', 'confirmation', 'fixed', 'acknowledgement', 'in')),
  conversation_no bigint,
  patron_no       bigint,
  phone           text,                    -- null once it is forgotten, like the body
  phone_hash      bytea not null,
  body            text,
  media           jsonb,                   -- pictures that came along: where they are, and of what type
  language        text,
  parts           smallint not null default 1,
  state           text not null check (state in
    ('received', 'waiting', 'handing', 'accepted', 'delivered', 'withheld', 'cancelled', 'failed', 'bounced', 'unknown')),
  at              timestamptz not null,    -- when it came in, or was asked for
  due_at          timestamptz,
  quiet           boolean not null default false, -- waits for the hours in which people are awake
  taken_at        timestamptz,
  take_no         bigint,
  attempts        smallint not null default 0,
  reasons         text[],
  provider_id     text,
  asked_by        text,                    -- out: a program, a member of staff, a rule
  once            text,                    -- out: of what may be sent one time only
  answers_no      bigint,                  -- out: the text that it answers
  repeat_of       bigint,                  -- in: the same words from the same phone a moment before
  meaning         text,                    -- in: what it was read as by rule: 'stop', 'help', …; null = a person has to read it
  primary key (library_no, text_no),
  check ((direction = 'in') = (kind = 'in') and (direction = 'in') = (state = 'received'))
) with (fillfactor = 85);
create unique index text_in_once on mail.text (library_no, line_no, provider_id) where direction = 'in';
create unique index text_out_once on mail.text (library_no, once) where once is not null;
create index text_waiting on mail.text (library_no, line_no, quiet, due_at, text_no) where state = 'waiting';
create index text_handing on mail.text (library_no, taken_at) where state = 'handing';
create index text_of_patron on mail.text (library_no, patron_no) where patron_no is not null;
create index text_by_phone on mail.text (library_no, phone_hash, text_no);
create index text_by_provider_id on mail.text (library_no, line_no, provider_id) where direction = 'out' and provider_id is not null;
create index text_of_conversation on mail.text (library_no, conversation_no, text_no);

create table mail.text_event (
  library_no integer not null,
  text_no    bigint not null,
  event_no   bigint generated always as identity,
  kind       text not null,
  at         timestamptz not null,
  code       text,
  said       text,
  primary key (library_no, text_no, event_no)
);

-- What happened to a conversation, and what staff noted; appended and never changed.
create table mail.note (
  library_no      integer not null,
  conversation_no bigint not null,
  note_no         bigint generated always as identity,
  kind            text not null check (kind in
    ('opened', 'taken', 'assigned', 'answered', 'noted', 'escalated', 'acknowledged', 'read-as', 'undone', 'closed')),
  at              timestamptz not null,
  who             text not null,           -- a person, or 'rule: …'
  said            text,
  primary key (library_no, conversation_no, note_no)
);

-- Requests that truly are the provider's and could not be processed: kept and shown to a person. `settled_at`: somebody
-- has looked, or it has been made sense of since.
create table mail.hook (
  library_no  integer not null,            -- the line's host
  hook_no     bigint generated always as identity,
  line_no     integer not null,
  at          timestamptz not null,
  why         text not null,
  provider_id text,                        -- of a report that came before we knew its text
  body        bytea not null,
  settled_at  timestamptz,
  settled_by  text,
  primary key (library_no, hook_no)
);
create index hook_open on mail.hook (library_no, line_no) where settled_at is null;

-- On a line that several libraries share: which of them texted a phone, and which one its person chose. Kept by the host.
create table mail.route (
  library_no integer not null,             -- the host
  line_no    integer not null,
  phone_hash bytea not null,               -- keyed for the host
  of_library integer not null,
  texted_at  timestamptz,
  chosen_at  timestamptz,
  primary key (library_no, line_no, phone_hash, of_library)
);

-- The library that a message of such a line was given to: the same id again goes nowhere else.
create table mail.routed (
  library_no  integer not null,            -- the host
  line_no     integer not null,
  provider_id text not null,
  to_library  integer not null,
  at          timestamptz not null,
  primary key (library_no, line_no, provider_id)
);

-- What the library system does not know yet and a person has to put right there: a number that is not in use, somebody who
-- wants no texts, so that their hold notices travel another way.
create table desk.fix_up (
  library_no integer not null,
  fix_no     bigint generated always as identity,
  kind       text not null check (kind in
    ('wrong number', 'landline', 'opted out', 'stopped', 'not theirs', 'died', 'new number')),
  patron_no  bigint,
  phone      text,                         -- gone when it is closed, like the words
  phone_hash bytea not null,
  text_no    bigint,
  said       text,
  opened_at  timestamptz not null,
  closed_at  timestamptz,
  closed_by  text,
  outcome    text check (outcome in ('done', 'not so')),
  primary key (library_no, fix_no),
  check ((closed_at is null) = (closed_by is null) and (closed_at is null) = (outcome is null)),
  check (closed_at is null or (phone is null and said is null))
);
create unique index fix_up_open_once on desk.fix_up (library_no, phone_hash, kind) where closed_at is null;

call house.fence('mail.conversation');
call house.fence('mail.text');
call house.fence('mail.text_event');
call house.fence('mail.note');
call house.fence('mail.hook');
call house.fence('mail.route');
call house.fence('mail.routed');
call house.fence('desk.fix_up');

grant select on house.line, house.line_library, house.answering to gentle_backup;
grant select, insert, update on house.line, house.answering to gentle_circulation;
grant select, insert, update, delete on house.line_library to gentle_circulation;
grant select, insert, update, delete on mail.conversation, mail.text, mail.route, mail.routed to gentle_circulation;
grant select, insert, delete on mail.text_event, mail.note to gentle_circulation;
grant select, insert, delete on mail.hook, desk.fix_up to gentle_circulation;
grant update (said) on mail.note, mail.text_event to gentle_circulation; -- to forget somebody
grant update (settled_at, settled_by) on mail.hook to gentle_circulation;
grant update (said, phone, closed_at, closed_by, outcome) on desk.fix_up to gentle_circulation;
grant usage on sequence mail.change_no, mail.take_no to gentle_circulation;

-- What waits for somebody cannot be swept away, however old it is.
create policy settled_only on mail.text as restrictive for delete to gentle_circulation using (state not in ('waiting', 'handing'));
create policy closed_only on mail.conversation as restrictive for delete to gentle_circulation using (state = 'closed');
create policy settled_only on mail.hook as restrictive for delete to gentle_circulation using (settled_at is not null);

-- Of a stop by text we know the phone; who agreed to something under it is found by this, as by the e-mail.
create index standing_by_phone on outreach.standing (library_no, phone_hash)
  where phone_hash is not null -- so that no question about an address is answered by it
    and (agreed_email <> 0 or refused_email <> 0 or agreed_sms <> 0 or refused_sms <> 0 or agreed_post <> 0 or refused_post <> 0);

-- An answer that carries on a conversation: where an answer to it goes, and the mail that it belongs to.
alter table mail.answer add column reply_to text, add column thread text;

-- Keys for programs that send texts, and for those that answer them.
alter table desk.api_key drop constraint api_key_may_check,
  add constraint api_key_may_check check (may <@ array['capture', 'invite', 'text', 'answer'] and may <> '{}');

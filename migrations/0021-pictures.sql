-- Pictures that came with texts. The provider keeps each for a while behind an address; it is fetched after the text has
-- been answered for, checked by its own first bytes, and kept here, where retention, erasure and backup reach it.
-- Circulation's alone, like the texts. It goes with its text, whose number it carries.
create table mail.picture (
  library_no integer not null,
  picture_no bigint generated always as identity,
  text_no    bigint not null,
  line_no    integer not null,
  place      smallint not null,            -- its place among those of the text
  state      text not null default 'waiting' check (state in ('waiting', 'kept', 'not fetched')),
  url        text,                         -- where it is at the provider; gone as soon as it is not needed
  due_at     timestamptz,
  attempts   smallint not null default 0,
  why        text,                         -- a sentence for staff: why it has not been fetched
  type       text check (type in ('image/jpeg', 'image/png', 'image/gif', 'image/webp')), -- what a browser shows and cannot run
  bytes      bytea check (octet_length(bytes) <= 5242880),
  primary key (library_no, picture_no),
  unique (library_no, text_no, place),
  check ((state = 'waiting') = (url is not null) and (state = 'waiting') = (due_at is not null)),
  check ((state = 'kept') = (bytes is not null) and (state = 'kept') = (type is not null))
);
alter table mail.picture alter column bytes set storage external; -- a picture is packed already
create index picture_waiting on mail.picture (library_no, due_at) where state = 'waiting';

call house.fence('mail.picture');
grant select, insert, update, delete on mail.picture to gentle_circulation;

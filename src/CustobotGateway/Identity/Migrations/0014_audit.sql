-- Rows come in the order of their time: one line for each range of blocks finds them, and a row that is written costs no entry of its own.
drop index identity.audit_by_time;
create index audit_by_time on identity.audit using brin (at) with (autosummarize = on);

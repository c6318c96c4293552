-- The way back from 20261101003500_create_inspect_views.sql.
drop view inspect.live_clients;
drop view inspect.replication;
drop view inspect.table_sizes;
drop view inspect.stuck_work;
drop view inspect.queue;
drop view inspect.sessions;
drop view inspect.provider_headroom;
drop view inspect.recent_errors;
drop view inspect.throughput;

-- The way back from 20261101001800_tick_queue.sql.
drop function otis.call_worker();
drop function otis.tick();

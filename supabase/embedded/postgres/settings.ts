/**
 * Server settings for one machine that also runs a browser and an editor: small caches (the operating
 * system caches the files anyway), logical decoding for Realtime, and bounds on what may pile up.
 */
const COMMON = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  wal_level: "logical",
  max_connections: "100",
  max_wal_senders: "5",
  max_replication_slots: "10",
  // An abandoned replication slot may hold back this much log, then it is invalidated, not the disk filled.
  max_slot_wal_keep_size: "1GB",
  shared_buffers: "64MB",
  min_wal_size: "32MB",
  max_wal_size: "512MB",
  max_worker_processes: "4",
  max_parallel_workers_per_gather: "0",
  // Compiling a query costs more than running ours; the packages carry no LLVM either.
  jit: "off",
  random_page_cost: "1.1",
  timezone: "UTC",
  log_timezone: "UTC",
  log_destination: "stderr",
  logging_collector: "off",
  log_line_prefix: "%m [%p] %d ",
} as const;

/** Tests throw their cluster away: nothing has to survive a crash of the machine. */
const THROWAWAY = {
  // Commits still write their log at once, for replication sends only what is written.
  fsync: "off",
  full_page_writes: "off",
  autovacuum_naptime: "5min",
  max_wal_size: "2GB",
} as const;

/** The `-c name=value` arguments of a server; `durable: false` is for tests. */
export function serverArguments(port: number, durable: boolean): string[] {
  const settings = { ...COMMON, port: String(port), ...(durable ? {} : THROWAWAY) };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

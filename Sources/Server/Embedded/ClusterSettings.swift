internal import Foundation

/// The settings that the embedded server starts with, as its command line.
///
/// They win over postgresql.conf in the data directory, which stays the operator's for everything else.
enum ClusterSettings {
    static func arguments(_ directory: DataDirectory, socket: String, memoryBytes: UInt64) -> [String] {
        ["-D", directory.cluster] + all(socket, memoryBytes).flatMap { ["-c", "\($0)=\($1)"] }
    }

    private static func all(_ socket: String, _ memoryBytes: UInt64) -> [(String, String)] {
        reachability(socket) + durability + memory(memoryBytes) + upkeep + logging
    }

    /// A socket in a folder that is closed to others is the only way in; a cluster that plays its log after a backup was put
    /// back lets nobody in before it can be written to.
    private static func reachability(_ socket: String) -> [(String, String)] {
        [
            ("listen_addresses", ""), ("port", "5432"), ("unix_socket_directories", socket),
            ("unix_socket_permissions", "0700"), ("max_connections", "100"), ("timezone", "UTC"),
            ("hot_standby", "off"),
        ]
    }

    /// An acknowledged purchase survives a power cut.
    private static let durability = [
        ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"),
        ("wal_compression", "on"), ("wal_buffers", "16MB"), ("max_wal_size", "2GB"),
        ("min_wal_size", "256MB"),
        ("checkpoint_timeout", "10min"),
    ]

    /// An eighth of the machine for PostgreSQL's own cache, between 128 MB and 2 GB: we share it with the server.
    static func memory(_ bytes: UInt64) -> [(String, String)] {
        let megabytes = bytes / 1_048_576
        let own = min(max(megabytes / 8, 128), 2048)
        return [
            ("shared_buffers", "\(own)MB"), ("effective_cache_size", "\(max(megabytes / 2, own))MB"),
            ("work_mem", "8MB"), ("maintenance_work_mem", "128MB"),
        ]
    }

    /// Compiling plans never pays for point look-ups. Autovacuum is left as it comes: the rows that are updated
    /// very often are pruned where they lie, and plans do not hang on statistics.
    private static let upkeep = [("jit", "off"), ("random_page_cost", "1.1")]

    /// No statement and no row's values: they name customers.
    private static let logging = [
        ("log_error_verbosity", "terse"), ("log_min_error_statement", "panic"), ("log_checkpoints", "off"),
        ("log_line_prefix", "%m [%p] "),
    ]
}

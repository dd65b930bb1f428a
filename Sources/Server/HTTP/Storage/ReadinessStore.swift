internal import Postgres

/// What is asked to learn whether the database answers at all.
enum ReadinessStore {
    static var anything: Statement { "SELECT 1" }
}

/// Whose rights a connection has: the schema's owner, or one of the roles that the server works with.
public enum DatabaseRole: String, Sendable, CaseIterable {
    /// Not bound by row-level security.
    case owner
    case door = "tollgate_door"
    case engine = "tollgate_engine"
    case worker = "tollgate_worker"
    case recorder = "tollgate_recorder"
    case job = "tollgate_job"
    case admin = "tollgate_admin"
    case account = "tollgate_account"
    case catalogue = "tollgate_catalogue"
}

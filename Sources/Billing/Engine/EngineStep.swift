/// The points between which a process may die; tests stop the engine at each.
public enum EngineStep: String, Sendable, CaseIterable {
    /// A group has been taken from the queue.
    case gathered
    /// Rows are locked and read.
    case read
    /// Every command has its decision, nothing is written.
    case decided
    /// The writes are sent, COMMIT is not.
    case written
    /// COMMIT has succeeded, nobody has been answered.
    case committed
}

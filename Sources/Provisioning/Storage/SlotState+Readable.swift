public import Postgres

// Stored as its word.
extension SlotState: Readable {}

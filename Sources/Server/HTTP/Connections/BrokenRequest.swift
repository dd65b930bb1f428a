/// Why a request cannot be read to its end.
enum BrokenRequest: Error, Sendable, Hashable {
    /// What came is not HTTP, or breaks its framing.
    case malformed
    /// It did not come in the time that a client is given.
    case tooSlow
}

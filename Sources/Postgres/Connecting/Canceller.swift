internal import CLibPQ

/// Cancels the running statement of one connection, from any thread.
///
/// The statement fails with `SQLState.queryCanceled`; on an idle connection nothing happens.
public final class Canceller: @unchecked Sendable {
    // PQcancel only reads what PQgetCancel made, so threads may share it.
    private let handle: OpaquePointer?

    init(_ handle: OpaquePointer?) {
        self.handle = handle
    }

    deinit {
        PQfreeCancel(handle)
    }

    /// Sends the request and returns once the server has taken it; false when it could not be sent.
    @discardableResult
    public func cancel() -> Bool {
        guard let handle else { return false }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { problem in
            PQcancel(handle, problem.baseAddress, Int32(problem.count)) == 1
        }
    }
}

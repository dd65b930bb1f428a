internal import CLibPQ
internal import Foundation

/// One session with the server: synchronous, and confined to the thread that owns it.
///
/// After any error but a lost connection it can be used again.
public final class Connection {
    let handle: OpaquePointer
    let configuration: PostgresConfiguration
    var prepared: PreparedStatements
    var planAge: PlanAge
    private let farewell = ServerFarewell()
    private(set) var isClosed = false
    /// Set when a write was refused by a server that takes none: the primary has moved elsewhere.
    var sawReadOnlyServer = false

    /// Connects, and returns once the session is ready for statements.
    public init(
        _ configuration: PostgresConfiguration, file: StaticString = #fileID, line: UInt = #line
    ) throws {
        let parameters = try ConnectionParameters(configuration)
        guard let handle = parameters.withCStrings({ PQconnectdbParams($0, $1, 1) }) else {
            throw PostgresError(
                message: "libpq is out of memory", isConnectionLost: true, file: file, line: line)
        }
        guard PQstatus(handle) == CONNECTION_OK else {
            let error = ConnectFailure.error(for: handle, CallSite(file: file, line: line))
            PQfinish(handle)
            throw error
        }
        self.handle = handle
        self.configuration = configuration
        prepared = PreparedStatements(capacity: configuration.preparedStatementsMax)
        planAge = PlanAge(madeAt: .now)
        farewell.listen(on: handle)
    }

    deinit {
        close()
    }

    /// The process id of the server's end, as `pg_stat_activity` shows it.
    public var backendPID: Int32 { isClosed ? 0 : PQbackendPID(handle) }

    /// Whether a transaction block is open, failed or not.
    public var isInTransaction: Bool {
        !isClosed && PQtransactionStatus(handle) != PQTRANS_IDLE && PQstatus(handle) == CONNECTION_OK
    }

    /// Whether the session is of no further use: closed, lost, or on a server that is no longer the primary.
    var isDoomed: Bool { isClosed || PQstatus(handle) != CONNECTION_OK || sawReadOnlyServer }

    /// Whether the session still stands: looks without blocking for a goodbye that the server has sent.
    public var isAlive: Bool {
        guard !isClosed, PQstatus(handle) == CONNECTION_OK else { return false }
        // The goodbye and the end of the stream may arrive one after the other.
        for _ in 0..<8 {
            var poller = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, 0) > 0 else { break }
            guard PQconsumeInput(handle) == 1, PQisBusy(handle) == 0 else { return false }
        }
        return PQstatus(handle) == CONNECTION_OK && !farewell.wasSaid
    }

    /// Makes what cancels this session's running statement from any other thread.
    public func makeCanceller() -> Canceller {
        Canceller(isClosed ? nil : PQgetCancel(handle))
    }

    /// Ends the session; a transaction that is open is rolled back by the server.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        PQfinish(handle)
    }

    func requireOpen(_ statement: String, _ site: CallSite) throws {
        guard !isClosed else {
            throw PostgresError(
                message: "the connection is closed", statement: statement, isConnectionLost: true,
                file: site.file, line: site.line
            )
        }
    }
}

@available(*, unavailable)
extension Connection: Sendable {}

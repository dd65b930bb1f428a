internal import HTTPTypes
internal import Primitives

extension OPProxy {
    /// Every request of the account, through whichever dialect and key, newest first.
    func logs(_ context: Context) async throws -> DialectResponse {
        let query = context.query
        let since = try query.instant("since")
        let until = try query.instant("until")
        let limit = try query.limit(default: 50, max: 200)
        let cursor = try query.cursor(.unknownCursor)
        let page = try await history.page(
            of: context.principal.customer, tenant: context.principal.tenant,
            RequestHistory.Query(
                since: since, until: until, before: cursor.map(LoggedRequestID.init(bits:)), limit: limit))
        guard let page else { throw Problem.unknownCursor }
        return .opproxy(.logs(page.items.map(Wire.LogEntry.init), next: page.next?.bits.hexString))
    }
}

extension OPProxy.Wire.LogEntry {
    init(_ request: LoggedRequest) {
        self.init(
            id: request.id.bits.hexString, method: request.method, path: request.path,
            status: Int(request.status), ip: request.address, requestID: request.requestID,
            createdAt: request.recordedAt)
    }
}

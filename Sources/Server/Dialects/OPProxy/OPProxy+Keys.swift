internal import HTTPTypes
internal import Primitives

extension OPProxy {
    /// What a key of this caller's did, for whoever lost the answer.
    func idempotencyKey(_ context: Context) async throws -> DialectResponse {
        let key = try context.query.key()
        guard let record = try await answered.record(of: key, by: context.principal) else {
            throw Problem.keyDidNothing
        }
        return .opproxy(
            .key(
                KeyRecord(
                    key: key.text, httpStatus: record.status, answeredAt: record.recordedAt,
                    response: record.body)))
    }
}

import HTTPTypes
import Primitives
import TestSupport

@testable import Server

/// A test's tenants behind the whole door.
protocol ExchangeWorld: Sendable {
    var door: FrontDoor { get }
    var clock: ManualClock { get }
}

extension ExchangeWorld {
    /// Through the whole door: mount, path, method, size, dialect.
    ///
    /// - Parameter reading: what became of the body on its way, where it did not arrive.
    func ask(_ request: DoorRequest, reading: BodyReading? = nil) async throws -> DoorReply {
        var fields = HTTPFields()
        for (name, value) in request.headers {
            fields.append(HTTPField(name: HTTPField.Name(name)!, value: value))
        }
        let arrival = Arrival(
            method: request.method, headers: fields,
            target: RequestTarget(authority: request.host, target: request.target), receivedAt: clock.now(),
            id: "request-1", remoteAddress: "192.0.2.1")
        let bytes = Array((request.body ?? "").utf8)
        let (response, _) = try await door.answer(arrival) { _ in
            reading ?? (bytes.count > HTTPSettings().bodyMax ? .tooLarge : .whole(bytes))
        }
        return DoorReply(response)
    }
}

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// A request's body, read whole or given up as too large.
enum BodyReading: Sendable {
    case whole([UInt8])
    case tooLarge

    /// Reads at most `limit` bytes; a body that says it is longer is not read at all.
    static func of(_ request: Request, limit: Int) async throws -> BodyReading {
        let headers = request.headers
        if let length = headers[.contentLength] {
            guard let length = Int(length), length <= limit else { return .tooLarge }
            if length == 0 { return .whole([]) }
        } else if headers[.transferEncoding] == nil {
            return .whole([])
        }
        var bytes: [UInt8] = []
        for try await buffer in request.body {
            guard bytes.count + buffer.readableBytes <= limit else { return .tooLarge }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return .whole(bytes)
    }
}

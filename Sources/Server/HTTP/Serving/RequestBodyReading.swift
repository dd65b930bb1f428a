internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// A request's body, read whole or given up.
enum BodyReading: Sendable {
    case whole([UInt8])
    case tooLarge
    case tooSlow
    case malformed
    /// Too much is being read at once.
    case noRoom

    /// Reads at most `limit` bytes; a body that says it is longer is not read at all.
    ///
    /// - Throws: where the connection broke.
    static func of(_ request: Request, limit: Int, budget: BodyBudget) async throws -> BodyReading {
        let headers = request.headers
        var length: Int?
        if let declared = headers[.contentLength] {
            guard let declared = Int(declared), declared <= limit else { return .tooLarge }
            if declared == 0 { return .whole([]) }
            length = declared
        } else if headers[.transferEncoding] == nil {
            return .whole([])
        }
        do {
            return try await read(request.body, length, limit: limit, budget)
        } catch BrokenRequest.tooSlow {
            return .tooSlow
        } catch BrokenRequest.malformed {
            return .malformed
        }
    }

    private static func read(
        _ body: RequestBody, _ length: Int?, limit: Int, _ budget: BodyBudget
    ) async throws -> BodyReading {
        var bytes: [UInt8] = []
        var isCounted = false
        defer { if isCounted { budget.give(limit) } }
        for try await buffer in body {
            guard bytes.count + buffer.readableBytes <= limit else { return .tooLarge }
            if !isCounted, bytes.count + buffer.readableBytes > BodyBudget.free {
                guard budget.take(limit) else { return .noRoom }
                isCounted = true
            }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        // A connection that ends looks like a body that ends: half of one must not be taken for the whole.
        guard length.map({ $0 == bytes.count }) ?? true else { return .malformed }
        return .whole(bytes)
    }
}

/// What all large bodies that are being read may take together, so that many slow uploads cannot fill the
/// memory; small ones, which is what purchases are, never wait for room.
final class BodyBudget: Sendable {
    private let left: Atomic<Int>

    /// Bytes that a body has without asking.
    static let free = 8 * 1_024

    init(bytes: Int) {
        left = Atomic(bytes)
    }

    /// Whether there is room for so many bytes; what was taken has to be given back.
    func take(_ bytes: Int) -> Bool {
        guard left.subtract(bytes, ordering: .relaxed).newValue >= 0 else {
            give(bytes)
            return false
        }
        return true
    }

    func give(_ bytes: Int) { left.add(bytes, ordering: .relaxed) }
}

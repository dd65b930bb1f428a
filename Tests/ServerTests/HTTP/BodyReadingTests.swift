import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import Server

@Suite("Reading bodies")
struct BodyReadingTests {
    private let limit = 64 * 1_024

    /// A body in pieces, as a connection brings it.
    private func request(_ headers: HTTPFields, _ pieces: [Int]) -> Request {
        let body = AsyncStream<ByteBuffer> { stream in
            for size in pieces { stream.yield(ByteBuffer(repeating: 0x20, count: size)) }
            stream.finish()
        }
        let head = HTTPRequest(
            method: .post, scheme: "http", authority: "x", path: "/", headerFields: headers)
        return Request(head: head, body: RequestBody(asyncSequence: body))
    }

    private func read(
        _ headers: HTTPFields, _ pieces: [Int], _ budget: BodyBudget = BodyBudget(bytes: 1 << 20)
    ) async throws -> String {
        switch try await BodyReading.of(request(headers, pieces), limit: limit, budget: budget) {
        case .whole(let bytes): "\(bytes.count)"
        case .tooLarge: "too large"
        case .tooSlow: "too slow"
        case .malformed: "malformed"
        case .noRoom: "no room"
        }
    }

    @Test func `a body is as long as it says, or no body`() async throws {
        #expect(try await read([.contentLength: "10"], [4, 6]) == "10")
        #expect(try await read([.contentLength: "10"], [4]) == "malformed")
        #expect(try await read([.contentLength: "0"], []) == "0")
        #expect(try await read([:], []) == "0")
        #expect(try await read([.contentLength: "65537"], []) == "too large")
        #expect(try await read([.contentLength: "18446744073709551616"], []) == "too large")
        #expect(try await read([.transferEncoding: "chunked"], [65_536]) == "65536")
        #expect(try await read([.transferEncoding: "chunked"], [65_536, 1]) == "too large")
    }

    @Test func `large bodies share a budget and give it back, small ones never ask`() async throws {
        let budget = BodyBudget(bytes: limit)
        for _ in 0..<3 {
            #expect(try await read([.contentLength: "9000"], [8_000, 1_000], budget) == "9000")
        }
        #expect(try await read([.transferEncoding: "chunked"], [65_536, 1], budget) == "too large")

        #expect(budget.take(1))
        #expect(try await read([.contentLength: "9000"], [8_000, 1_000], budget) == "no room")
        #expect(try await read([.contentLength: "8192"], [8_192], budget) == "8192")
        budget.give(1)
        #expect(try await read([.contentLength: "9000"], [8_000, 1_000], budget) == "9000")
    }
}

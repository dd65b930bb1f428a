import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("The buffer of requests")
struct RequestBufferTests {
    private let ids = SequentialIdentifiers()

    private func request(_ path: String = "/") -> LoggedRequest {
        LoggedRequest(
            tenant: TenantID(1), id: ids.next(at: ManualClock.start), customer: CustomerID(bits: .zero),
            principal: nil, dialect: "gate", method: "GET", path: path, route: "x", status: 200,
            microseconds: 1, address: "", requestID: "")
    }

    @Test func `it is bounded in rows, what is being written included`() {
        let buffer = RequestBuffer(rowsMax: 5, bytesMax: 1 << 20, batchRows: 3)
        let places = (0..<7).map { _ in buffer.append(request()) }
        #expect(
            places
                == [.kept, .kept, .enough, .kept, .kept, .dropped(isFirst: true), .dropped(isFirst: false)])
        #expect(buffer.batch().count == 3)
        #expect(buffer.append(request()) == .dropped(isFirst: false))
        buffer.settle()
        #expect(buffer.append(request()) == .enough)
        #expect(buffer.count == 3)
    }

    @Test func `it is bounded in bytes`() {
        let long = request(String(repeating: "x", count: 250))
        let buffer = RequestBuffer(rowsMax: 1_000, bytesMax: 10 * long.byteCount, batchRows: 100)
        var kept = 0
        while case .kept = buffer.append(long) { kept += 1 }
        #expect(kept == 10)
        _ = buffer.batch()
        buffer.settle()
        #expect(buffer.append(long) == .kept)
    }

    @Test func `a batch is the same until it is settled, then the next`() {
        let buffer = RequestBuffer(rowsMax: 10, bytesMax: 1 << 20, batchRows: 2)
        let asked = (0..<3).map { _ in request() }
        for request in asked { _ = buffer.append(request) }
        #expect(buffer.batch() == Array(asked[0..<2]))
        #expect(buffer.batch() == Array(asked[0..<2]))
        buffer.settle()
        #expect(buffer.batch() == [asked[2]])
        buffer.settle()
        #expect(buffer.batch().isEmpty)
        #expect(buffer.count == 0)
    }

    @Test func `a key's use is worth writing once a minute`() {
        var uses = KeyUses()
        let clock = ManualClock()
        let (one, other) = (APIKeyID(bits: .zero), APIKeyID(bits: IdentifierBits(high: 1, low: 1)))
        for key in [one, one, other] { uses.note(key, of: TenantID(1), at: clock.now()) }
        uses.note(one, of: TenantID(2), at: clock.now())
        #expect(uses.due().count == 3)
        clock.advance(milliseconds: 59_999)
        uses.note(one, of: TenantID(1), at: clock.now())
        #expect(uses.due().isEmpty)
        clock.advance(milliseconds: 1)
        uses.note(one, of: TenantID(1), at: clock.now())
        #expect(uses.due() == [KeyUses.Use(tenant: TenantID(1), key: one, at: clock.now())])
    }
}

import Foundation
import Testing

/// A TCP client that sends exactly the bytes it is told to.
final class RawClient: @unchecked Sendable {
    private let descriptor: Int32

    /// Connects; `nil` where nobody listens.
    ///
    /// - Parameters:
    ///   - source: the address it comes from; any of 127.0.0.0/8.
    ///   - takesLittle: whether the system takes hardly anything that is not read here.
    init?(port: Int, from source: String = "127.0.0.1", takesLittle: Bool = false) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var size: Int32 = 2_048
        if takesLittle {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        guard Self.bindTo(source, descriptor) else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // A test that would wait for ever fails instead.
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard connected == 0 else { return nil }
    }

    deinit { close(descriptor) }

    private static func bindTo(_ source: String, _ descriptor: Int32) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr(source)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Tells the other side that nothing more will be sent, and goes on reading.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Tells the other side that nothing more will be sent or read.
    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Sends text with CRLF for every newline; false where the other side has gone.
    @discardableResult func send(_ text: String) -> Bool {
        let bytes = Array(text.replacing("\n", with: "\r\n").utf8)
        return Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// What arrives until the text contains `end`, or another text, or everything until the other side closes.
    ///
    /// Where nothing more comes for two minutes, that is an issue of the test that is reading.
    func read(
        until end: String? = nil, orUntil other: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> String {
        await beginReading([end, other].compactMap(\.self)).text(sourceLocation: sourceLocation)
    }

    /// Begins to read at once, on a thread of its own: an answer that a reset may throw away is taken before that, however
    /// busy everybody else is.
    func beginReading(_ ends: [String] = []) -> Reading {
        let (received, receive) = AsyncStream.makeStream(of: Reading.Received.self)
        Thread.detachNewThread {
            receive.yield(self.receive(ends))
            receive.finish()
        }
        return Reading(received: received)
    }

    /// What a client is reading.
    struct Reading: Sendable {
        typealias Received = (text: String, isStarved: Bool)

        fileprivate let received: AsyncStream<Received>

        /// All of it, once it has come.
        func text(sourceLocation: SourceLocation = #_sourceLocation) async -> String {
            for await (text, isStarved) in received {
                if isStarved {
                    Issue.record(
                        "nothing more came, after: \(text.prefix(200))", sourceLocation: sourceLocation)
                }
                return text
            }
            return ""
        }
    }

    private func receive(_ ends: [String]) -> Reading.Received {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !ends.contains(where: { text.contains($0) }) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EAGAIN { return (text, true) }
            guard count > 0 else { break }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return (text, false)
    }
}

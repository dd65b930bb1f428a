import Foundation
import Testing

/// A TCP client that sends exactly the bytes it is told to.
final class RawClient: @unchecked Sendable {
    private let descriptor: Int32

    /// Connects; `nil` where nobody listens.
    init?(port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
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
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard connected == 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Tells the other side that nothing more will be sent or read.
    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Sends text with CRLF for every newline; false where the other side has gone.
    @discardableResult func send(_ text: String) -> Bool {
        let bytes = Array(text.replacing("\n", with: "\r\n").utf8)
        return Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// What arrives until the text contains `end`, or everything until the other side closes.
    func read(until end: String? = nil) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var text = ""
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while end.map({ !text.contains($0) }) ?? true {
                    let count = recv(self.descriptor, &buffer, buffer.count, 0)
                    if count < 0, errno == EAGAIN {
                        Issue.record("nothing more came, after: \(text.prefix(200))")
                    }
                    guard count > 0 else { break }
                    text += String(decoding: buffer[..<count], as: UTF8.self)
                }
                continuation.resume(returning: text)
            }
        }
    }
}

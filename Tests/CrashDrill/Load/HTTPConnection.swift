internal import Foundation

/// What became of a request, as its sender sees it.
enum Reply: Sendable {
    case answered(status: Int, isRepeat: Bool, retryAfter: Bool, body: [UInt8])
    /// Nothing of it was sent: it cannot have been carried out.
    case notSent
    /// It was sent, at least in part, and no whole answer came.
    case lost
}

/// One kept-alive connection to the server, confined to its client's thread.
///
/// Our own, because it has to tell "never sent" from "sent and lost", and must never send anything twice by itself.
final class HTTPConnection {
    private let port: UInt16
    private let deadlineSeconds: Int
    private let book: RequestBook
    private var socket: Int32 = -1
    private var buffer: [UInt8] = []

    init(port: UInt16, deadlineSeconds: Int, book: RequestBook) {
        self.port = port
        self.book = book
        self.deadlineSeconds = deadlineSeconds
    }

    deinit { close() }

    func close() {
        if socket >= 0 { Glibc.close(socket) }
        socket = -1
        buffer = []
    }

    /// Sends one request and waits for its answer.
    func send(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8] = []
    ) -> Reply {
        let request = book.begin()
        guard isOpen || connect() else { return .notSent }
        var text = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: \(request.name)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        text += "Content-Length: \(body.count)\r\n\r\n"
        guard write(Array(text.utf8) + body), let reply = read() else {
            close()
            return .lost
        }
        if case .answered(let status, _, _, _) = reply, status < 500 { book.answered(request) }
        return reply
    }

    /// Whether a connection is there that the server has not closed: a request on it may still be lost.
    private var isOpen: Bool {
        guard socket >= 0 else { return false }
        var poller = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        if poll(&poller, 1, 0) == 0 { return true }
        // Nobody has asked: whatever there is to read is the end.
        close()
        return false
    }

    private func connect() -> Bool {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port: port)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close()
            return false
        }
        var limit = timeval(tv_sec: deadlineSeconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return true
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let some = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard some > 0 else { return false }
            sent += some
        }
        return true
    }

    private func read() -> Reply? {
        guard let head = take(through: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            return nil
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        guard let body = body(headers) else { return nil }
        if headers["connection"]?.lowercased() == "close" { close() }
        return .answered(
            status: status, isRepeat: headers["idempotency-hit"] == "true",
            retryAfter: headers["retry-after"] != nil, body: body)
    }

    private func body(_ headers: [String: String]) -> [UInt8]? {
        if headers["transfer-encoding"]?.lowercased() == "chunked" {
            var body: [UInt8] = []
            while true {
                guard let line = take(through: Array("\r\n".utf8)),
                    let size = Int(
                        String(decoding: line.dropLast(2), as: UTF8.self).split(separator: ";")[0], radix: 16),
                    let chunk = take(count: size + 2)
                else { return nil }
                if size == 0 { return body }
                body += chunk.dropLast(2)
            }
        }
        return take(count: headers["content-length"].flatMap { Int($0) } ?? 0)
    }

    private func take(through mark: [UInt8]) -> [UInt8]? {
        var searched = 0
        while true {
            if buffer.count >= mark.count {
                for start in searched...(buffer.count - mark.count)
                where buffer[start] == mark[0] && buffer[start..<(start + mark.count)].elementsEqual(mark) {
                    return take(count: start + mark.count)
                }
                searched = buffer.count - mark.count + 1
            }
            guard receive() else { return nil }
        }
    }

    private func take(count: Int) -> [UInt8]? {
        while buffer.count < count { guard receive() else { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    private func receive() -> Bool {
        var some = [UInt8](repeating: 0, count: 16_384)
        let count = recv(socket, &some, some.count, 0)
        guard count > 0 else { return false }
        buffer += some.prefix(count)
        return true
    }
}

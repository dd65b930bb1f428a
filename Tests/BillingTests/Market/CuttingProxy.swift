import Foundation
import Synchronization

/// A unix socket in front of PostgreSQL's, that can lose answers and cut connections.
///
/// One thread per direction and connection; all of it ends with `stop()`.
final class CuttingProxy: Sendable {
    enum Mode: Sendable {
        /// Pass everything on.
        case passing
        /// What the client sends arrives; what the server answers is lost.
        case losingAnswers
        /// Nothing arrives any more, either way.
        case losingEverything
        /// So many bytes of what the server answers arrive, then the connection is cut and the next ones pass.
        case cuttingAnswers(after: Int)
    }

    let directory: String
    private let serverPath: String
    private let listener: Int32
    private let mode = Mutex<Mode>(.passing)
    private let open = Mutex<[Int32]>([])

    /// - Parameter serverDirectory: where the server's socket `.s.PGSQL.5432` is.
    init(serverDirectory: String) throws {
        serverPath = serverDirectory + "/.s.PGSQL.5432"
        directory = NSTemporaryDirectory() + "cut-" + String(UInt32.random(in: 0...UInt32.max), radix: 36)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let bound = Self.withAddress(directory + "/.s.PGSQL.5432") { bind(listener, $0, $1) }
        guard bound == 0, listen(listener, 64) == 0 else { throw Surprise("the proxy cannot listen") }
        Thread.detachNewThread { [self] in accept() }
    }

    func set(_ new: Mode) {
        mode.withLock { $0 = new }
    }

    var isCutting: Bool {
        if case .cuttingAnswers = mode.withLock({ $0 }) { true } else { false }
    }

    /// Closes every connection that is open now; the next ones are passed on again.
    func cut() {
        let sockets = open.withLock { sockets in
            defer { sockets = [] }
            return sockets
        }
        for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
        set(.passing)
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        cut()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { break }
            let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            guard Self.withAddress(serverPath, { connect(server, $0, $1) }) == 0 else {
                close(client)
                close(server)
                continue
            }
            open.withLock { $0 += [client, server] }
            Thread.detachNewThread { [self] in pump(from: client, to: server, isAnswer: false) }
            Thread.detachNewThread { [self] in pump(from: server, to: client, isAnswer: true) }
        }
        close(listener)
    }

    private func pump(from source: Int32, to sink: Int32, isAnswer: Bool) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            switch mode.withLock({ $0 }) {
            case .losingEverything: continue
            case .losingAnswers where isAnswer: continue
            case .losingAnswers, .passing: break
            case .cuttingAnswers where isAnswer:
                let allowed = passable(count)
                guard allowed == count else {
                    forward(buffer[..<allowed], to: sink)
                    return end(sink, source)
                }
            case .cuttingAnswers: break
            }
            forward(buffer[..<count], to: sink)
        }
        end(sink, source)
    }

    /// How many of these bytes may still pass; fewer than all where the answer is cut among or before them.
    private func passable(_ count: Int) -> Int {
        mode.withLock { mode in
            guard case .cuttingAnswers(let left) = mode else { return count }
            mode = left < count ? .passing : .cuttingAnswers(after: left - count)
            return min(left, count)
        }
    }

    private func forward(_ bytes: ArraySlice<UInt8>, to sink: Int32) {
        var rest = bytes
        while !rest.isEmpty {
            let some = rest.withUnsafeBytes { send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard some > 0 else { break }
            rest = rest.dropFirst(some)
        }
    }

    private func end(_ sink: Int32, _ source: Int32) {
        shutdown(sink, Int32(SHUT_RDWR))
        shutdown(source, Int32(SHUT_RDWR))
    }

    private static func withAddress<T>(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T
    {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

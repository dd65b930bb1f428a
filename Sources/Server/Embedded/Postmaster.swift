internal import Foundation

/// A running PostgreSQL server, known by the process id in its data directory; ours or one that outlived its parent.
struct Postmaster: Sendable, Equatable {
    /// How a server is told to end.
    enum Farewell: Int32 {
        /// Waits for those who are connected.
        case smart = 15
        /// Breaks connections, writes everything down.
        case fast = 2
        /// Ends at once; the next start recovers from the log.
        case immediate = 3
    }

    let pid: pid_t

    /// The server that runs on this very cluster; nil where a pid file is stale or there is none.
    static func running(on directory: DataDirectory) -> Postmaster? {
        guard let pid = pidFile(directory)?.first.flatMap({ pid_t($0) }), pid > 1 else { return nil }
        let postmaster = Postmaster(pid: pid)
        return postmaster.serves(directory) ? postmaster : nil
    }

    /// Whether the server has said in its pid file that it takes connections.
    func isReady(on directory: DataDirectory) -> Bool {
        guard let lines = Self.pidFile(directory), lines.count >= 8 else { return false }
        return pid_t(lines[0]) == pid && lines[7].trimmingCharacters(in: .whitespaces) == "ready"
    }

    /// A pid may have been given to another process since; a server works in its cluster's folder.
    private func serves(_ directory: DataDirectory) -> Bool {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            readlink("/proc/\(pid)/cwd", bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard count > 0 else {
            // Without /proc there is only the signal to ask with; PostgreSQL itself looks no closer.
            return access("/proc/self", F_OK) != 0 && kill(pid, 0) == 0
        }
        guard let real = realpath(directory.cluster, nil) else { return false }
        defer { free(real) }
        return String(decoding: buffer.prefix(count), as: UTF8.self) == String(cString: real)
    }

    func tell(_ farewell: Farewell) {
        kill(pid, farewell.rawValue)
    }

    private static func pidFile(_ directory: DataDirectory) -> [String]? {
        guard let text = try? String(contentsOfFile: directory.pidFile, encoding: .utf8) else { return nil }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}

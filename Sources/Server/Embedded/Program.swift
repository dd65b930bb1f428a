internal import Foundation

/// A command line, and how it is started: in a process group of its own, with nothing of ours but what it is given.
struct Program: Sendable {
    let path: String
    let arguments: [String]

    init(_ path: String, _ arguments: [String]) {
        self.path = path
        self.arguments = arguments
    }

    /// What a program that has ended left behind.
    struct Answer: Sendable {
        let status: Int32
        /// Both of its outputs.
        let words: String
        var succeeded: Bool { status == 0 }
    }

    /// Runs it to its end, with `input` to read.
    func run(input: String = "") throws -> Answer {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let output = "\(folder.path)/output"
        try Data(input.utf8).write(to: URL(filePath: "\(folder.path)/input"))
        let pid = try start(input: "\(folder.path)/input", output: output)
        let status = Self.waitForEnd(of: pid)
        return Answer(status: status, words: try String(contentsOfFile: output, encoding: .utf8))
    }

    /// Starts it and returns its process id; its outputs are appended to a file.
    ///
    /// A process group of its own keeps the terminal's Ctrl-C from it: we decide when it ends. It gets none of our
    /// open files (a listening socket or the lock would outlive us in it), none of our environment (which has
    /// secrets), and not our working directory (which its user may not be allowed to see).
    func start(input: String = "/dev/null", output: String) throws -> pid_t {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600)
        posix_spawn_file_actions_adddup2(&files, 1, 2)
        for file in Self.openFiles() { posix_spawn_file_actions_addclose(&files, file) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        // What we ignore or block would be ignored and blocked there too.
        var allSignals = sigset_t()
        sigfillset(&allSignals)
        posix_spawnattr_setsigdefault(&attributes, &allSignals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var pid = pid_t()
        let fromTheRoot = ["/bin/sh", "-c", "cd / && exec \"$0\" \"$@\"", path] + arguments
        let problem = withCStrings(fromTheRoot) { argv in
            withCStrings(Self.environment) { envp in
                posix_spawn(&pid, argv[0]!, &files, &attributes, argv, envp)
            }
        }
        guard problem == 0 else {
            throw EmbeddedProblem.programFailed(program: path, words: String(cString: strerror(problem)))
        }
        return pid
    }

    /// Ours beyond the standard three; most close themselves on exec, but not every library says so.
    private static func openFiles() -> [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")) ?? []).compactMap { Int32($0) }
            .filter { $0 > 2 }
    }

    private static let environment = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "TZ=UTC",
    ]

    /// Blocks until a child has ended, and returns its exit status, or minus the signal that ended it.
    static func waitForEnd(of pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : -signal
    }
}

/// Calls with the null-terminated array of C strings that exec wants.
private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}

/// A folder that only we may read, removed after use.
private struct TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/tollgate-run-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw EmbeddedProblem.directoryUnusable(
                directory: "/tmp", reason: String(cString: strerror(errno)))
        }
        path = String(cString: made)
    }

    func remove() {
        // What cannot be removed is empty or harmless, and /tmp is swept.
        try? FileManager.default.removeItem(atPath: path)
    }
}

internal import Foundation

/// Where everything of one drill is: cluster, socket, logs. A shell removes it and ends what was started in it when
/// this process is gone, however it ends.
///
/// The shell reads from a pipe that only this process holds open, so it sees the end of it even after SIGKILL. It
/// ends only processes that were noted and whose command line still names this folder.
final class DrillFolder: Sendable {
    let path: String
    private let pids: String
    private let orders: FileHandle

    /// - Parameter parent: a short path: the path of a socket may have 107 bytes.
    init(in parent: String = "/tmp") throws {
        var template = Array("\(parent)/crash-drill-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw DrillProblem("no temporary folder") }
        path = String(cString: made)
        chmod(path, 0o755)
        pids = path + "/pids"
        let pipe = Pipe()
        orders = pipe.fileHandleForWriting
        let keeper = Process()
        keeper.executableURL = URL(filePath: "/bin/sh")
        keeper.arguments = ["-c", Self.script, "keeper", path]
        keeper.standardInput = pipe
        keeper.standardOutput = FileHandle.nullDevice
        keeper.standardError = FileHandle.nullDevice
        try keeper.run()
    }

    private static let script = #"""
        trap '' INT TERM HUP
        folder=$1
        cat >/dev/null
        for pid in $(cat "$folder/pids"); do
            if grep -qa -- "$folder" "/proc/$pid/cmdline"; then kill -CONT "$pid"; kill -KILL "$pid"; fi
        done
        sleep 0.3
        umount -l "$folder/small"
        [ -n "$KEEP" ] || rm -rf "$folder"
        """#

    func note(_ pid: pid_t) {
        guard let file = fopen(pids, "a") else { return }
        fputs("\(pid)\n", file)
        fclose(file)
    }

    /// The keeper's word to leave.
    func discard() {
        try? orders.close()
    }
}

internal import Foundation

/// Where PostgreSQL's socket is: inside the data directory, or in a short folder where that path is too long.
enum SocketDirectory {
    /// What `sun_path` holds, less the closing NUL.
    static let pathBytesMax = 107
    private static let socketName = "/.s.PGSQL.5432"

    /// Chooses the folder, makes it, and notes it in the data directory for others to find.
    static func prepare(
        _ directory: DataDirectory, _ account: ServerAccount
    ) throws(EmbeddedProblem) -> String {
        let inside = "\(directory.postgres)/run"
        let chosen = fits(inside) ? inside : short(for: directory, account)
        try make(chosen, account)
        do {
            try chosen.write(toFile: directory.socketNote, atomically: true, encoding: .utf8)
        } catch {
            throw .directoryUnusable(directory: directory.socketNote, reason: "\(error.localizedDescription)")
        }
        return chosen
    }

    /// The folder that a running server's starter has noted.
    static func noted(_ directory: DataDirectory) -> String? {
        try? String(contentsOfFile: directory.socketNote, encoding: .utf8)
    }

    /// Removes a short folder after the server has stopped; one inside the data directory stays.
    static func discard(_ socketDirectory: String, of directory: DataDirectory) {
        guard !socketDirectory.hasPrefix(directory.path + "/") else { return }
        rmdir(socketDirectory)
    }

    /// Commas, blanks and quotes mean something in the settings and connection strings that name the folder.
    static func fits(_ folder: String) -> Bool {
        let plain = folder.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/._-+".utf8.contains(byte)
            }
        }
        return plain && folder.utf8.count + socketName.utf8.count <= pathBytesMax
    }

    /// Always the same for one data directory, so that a folder left behind is found again.
    static func short(for directory: DataDirectory, _ account: ServerAccount) -> String {
        // FNV-1a; that the folder is ours is checked, so nothing rests on the hash.
        let hash = directory.path.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        // Only root can make a folder in /run, so nobody can be there first.
        let base = account != .ourselves && access("/run", W_OK) == 0 ? "/run" : "/tmp"
        return "\(base)/tollgate-\(account.user)-\(String(hash, radix: 16))"
    }

    private static func make(_ folder: String, _ account: ServerAccount) throws(EmbeddedProblem) {
        if mkdir(folder, 0o700) == 0 {
            try account.own(folder)
            return
        }
        guard errno == EEXIST else {
            throw .directoryUnusable(directory: folder, reason: String(cString: strerror(errno)))
        }
        // lstat, because a link that somebody laid there must not be followed.
        var facts = stat()
        guard lstat(folder, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR,
            facts.st_uid == account.user || facts.st_uid == geteuid(), facts.st_mode & 0o077 == 0
        else {
            throw .directoryUnusable(directory: folder, reason: "somebody else has made it; remove it")
        }
        try account.own(folder)
    }
}

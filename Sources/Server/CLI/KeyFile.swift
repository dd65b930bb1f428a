internal import Foundation
internal import Primitives
internal import Provisioning

/// Where the installation's key comes from: the setting, or a file of the data directory made on first start.
enum KeyFile {
    /// Reads the installation's keys, or makes the first where the installation is new.
    ///
    /// An installation that has a database and no key is refused: a new key would open none of its credentials.
    static func keys(
        _ settings: Settings, for purpose: DatabaseAccess.Purpose, _ random: any RandomSource
    ) throws -> InstallationKeys {
        if let given = settings.installationKey {
            return try parse(given.reveal(), "TOLLGATE_INSTALLATION_KEY")
        }
        let file = settings.directory.installationKey
        if FileManager.default.fileExists(atPath: file) { return try read(file) }
        switch settings.location {
        case .server:
            throw CommandFailure.failed(
                """
                the key that seals credentials is missing: set TOLLGATE_INSTALLATION_KEY to 32 random bytes in base64 \
                (`openssl rand -base64 32` makes some), keep it safe, and give every process of the installation the same
                """
            )
        case .embedded(let directory):
            guard purpose.mayCreate else { throw EmbeddedProblem.noInstallation(directory: directory.path) }
            guard directory.clusterMajor == nil else {
                throw CommandFailure.failed(
                    """
                    \(file) is missing, and without it the credentials in the database cannot be read: restore it from \
                    a backup, or set TOLLGATE_INSTALLATION_KEY
                    """
                )
            }
            try directory.prepare(for: try ServerAccount.current())
            try make(file, random)
            return try read(file)
        }
    }

    private static func read(_ file: String) throws -> InstallationKeys {
        do {
            return try parse(try String(contentsOfFile: file, encoding: .utf8), file)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure.failed("\(file) cannot be read: \(error.localizedDescription)")
        }
    }

    /// Reads keys from text: 32 bytes in base64 each, with `ID:` before it where the id is not 1, the newest first; commas
    /// or lines stand between them, and a line may be a comment.
    static func parse(_ text: String, _ origin: String) throws(CommandFailure) -> InstallationKeys {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
        var keys: [InstallationKey] = []
        for entry in lines.flatMap({ $0.split(separator: ",") }) {
            let parts = entry.split(separator: ":", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            let id = parts.count == 2 ? UInt8(parts[0]) : 1
            guard let id, id > 0, let bytes = parts.last.flatMap({ Data(base64Encoded: $0) }),
                let key = InstallationKey(id: id, bytes: [UInt8](bytes))
            else {
                throw CommandFailure.failed(
                    "\(origin) has to be 32 bytes in base64, or several such keys as ID:KEY with ids from 1 to 255"
                )
            }
            keys.append(key)
        }
        guard let keys = InstallationKeys(keys) else {
            throw CommandFailure.failed("\(origin) names no key, or two keys with one id")
        }
        return keys
    }

    /// Written beside and linked into place: a crash leaves no half of it, and of two who make one the first wins.
    private static func make(_ file: String, _ random: any RandomSource) throws {
        let text = Array((Data(random.bytes(32)).base64EncodedString() + "\n").utf8)
        let draft = "\(file).\(getpid())"
        let handle = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard handle >= 0 else { throw failure(file) }
        defer { unlink(draft) }
        let isWritten = write(handle, text, text.count) == text.count && fsync(handle) == 0
        close(handle)
        guard isWritten, link(draft, file) == 0 || errno == EEXIST else { throw failure(file) }
    }

    private static func failure(_ file: String) -> CommandFailure {
        .failed("\(file) cannot be written: \(String(cString: strerror(errno)))")
    }
}

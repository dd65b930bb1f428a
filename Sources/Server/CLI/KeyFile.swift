internal import Foundation
internal import Primitives

/// Where the installation's key comes from: the setting, or a file of the data directory made on first start.
enum KeyFile {
    /// Reads the key's 32 bytes, or makes some where the installation is new.
    ///
    /// An installation that has a database and no key is refused: a new key would open none of its credentials.
    static func key(
        _ settings: Settings, for purpose: DatabaseAccess.Purpose, _ random: any RandomSource
    ) throws -> Secret<[UInt8]> {
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

    private static func read(_ file: String) throws -> Secret<[UInt8]> {
        do {
            return try parse(try String(contentsOfFile: file, encoding: .utf8), file)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure.failed("\(file) cannot be read: \(error.localizedDescription)")
        }
    }

    private static func parse(_ text: String, _ origin: String) throws -> Secret<[UInt8]> {
        let bytes = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)).map {
            [UInt8]($0)
        }
        guard let bytes, bytes.count == 32 else {
            throw CommandFailure.failed("\(origin) has to be 32 bytes in base64")
        }
        return Secret(bytes)
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

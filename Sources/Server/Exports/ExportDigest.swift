internal import Crypto

/// Length and SHA-256 of a file while it goes by.
struct ExportDigest: Sendable {
    private(set) var bytes: Int64 = 0
    private var hash = SHA256()

    mutating func update(_ chunk: [UInt8]) {
        bytes += Int64(chunk.count)
        chunk.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    /// 32 bytes.
    func finalized() -> [UInt8] { Array(hash.finalize()) }
}

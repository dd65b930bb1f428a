internal import Crypto
internal import Foundation
internal import Primitives

/// What a driver renders desired state into: files with secrets in them, so never printed.
public struct GatewayArtifacts: Sendable, Hashable {
    public let version: Int64
    public let files: [String: [UInt8]]
    /// SHA-256 over names and contents in hex; the same desired state always has the same.
    public let hash: String

    public init(version: Int64, files: [String: [UInt8]]) {
        self.version = version
        self.files = files
        var hash = SHA256()
        for (name, content) in files.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Data("\(name.utf8.count) \(content.count) \(name)\n".utf8))
            hash.update(data: content)
        }
        self.hash = hash.finalize().map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
    }
}

extension GatewayArtifacts: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "GatewayArtifacts(version \(version), \(hash))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["version": version, "hash": hash]) }
}

extension DesiredState {
    /// The state as one file of plain lines, ports in order: what drivers without a format of their own render.
    public var plainArtifacts: GatewayArtifacts {
        var lines = ["gateway \(gateway) protocols \(shape.protocols.joined(separator: ","))"]
        lines.append("vless \(shape.vlessPort ?? 0) shadowsocks \(shape.shadowsocksPort ?? 0)")
        for slot in slots.values.sorted(by: { ($0.port, $0.slot) < ($1.port, $1.slot) })
        where slot.access != .absent {
            lines.append(
                [
                    String(slot.port), slot.slot.description, slot.access.rawValue, slot.username,
                    slot.secret.password, slot.secret.vlessUUID, slot.secret.shadowsocksKey,
                    slot.expiresAt.map { String($0.milliseconds) } ?? "-",
                    slot.subscription?.description ?? "-",
                    String(slot.rotationMinutes),
                    slot.exit.map { "\($0.country)/\($0.rotation)" } ?? "-",
                    slot.threads.map { "\($0)" } ?? "-",
                    slot.allowedSources.isEmpty
                        ? "-" : slot.allowedSources.map(\.rawValue).joined(separator: ","),
                ].joined(separator: " ")
            )
        }
        return GatewayArtifacts(
            version: version, files: ["desired.txt": Array(lines.joined(separator: "\n").utf8)])
    }
}

internal import Foundation
internal import HTTPTypes
internal import Postgres
internal import Primitives
internal import Synchronization

/// An export on its way to a client. Letting go of it ends it: statement, transaction and place.
final class ExportDownload: Sendable {
    private let running: RunningExport
    private let parts: SnapshotStream.Iterator
    private let place: Mutex<ExportPlaces.Place?>
    private let digest = Mutex(ExportDigest())

    init(_ running: RunningExport, _ place: ExportPlaces.Place) {
        self.running = running
        self.place = Mutex(place)
        parts = running.chunks.makeAsyncIterator()
    }

    /// The next part of the file; `nil` at its end.
    func next() async throws -> [UInt8]? {
        var parts = parts
        guard let part = try await parts.next() else {
            // The client may ask for another at once.
            place.withLock { $0 = nil }
            return nil
        }
        digest.withLock { $0.update(part) }
        return part
    }

    /// Once the file has been read to its end.
    var manifest: ExportManifest { running.manifest(of: digest.withLock { $0 }) }

    /// The first part, with which it shows whether there is a file at all, and the answer that sends it.
    static func response(_ download: ExportDownload) async throws -> DialectResponse {
        let first = Mutex(try await download.next())
        let scope = download.running.scope
        var response = DialectResponse(
            status: .ok,
            headers: [
                .contentType: scope.format.contentType, .trailer: "Repr-Digest",
                .contentDisposition: "attachment; filename=\"\(scope.fileName)\"",
            ])
        response.stream = ResponseStream(
            next: {
                let first = first.withLock { first in
                    defer { first = nil }
                    return first
                }
                if let first { return first }
                return try await download.next()
            },
            trailers: {
                let hash = Data(download.manifest.sha256).base64EncodedString()
                return [.reprDigest: "sha-256=:\(hash):"]
            })
        return response
    }
}

extension ExportScope {
    /// `alba-orders-2026-01-01-2026-02-01.csv`, by days of the tenant's zone.
    var fileName: String {
        let days = [period.start, period.end].map { moment in
            zone.local(moment).map { Instant(milliseconds: $0.date.start.milliseconds).rfc3339().prefix(10) }
                ?? ""
        }
        return "\(slug)-\(kind.rawValue)-\(days[0])-\(days[1]).\(format.fileExtension)"
    }
}

extension HTTPField.Name {
    /// RFC 9530: the digest of the whole file.
    static let reprDigest = HTTPField.Name("Repr-Digest")!
}

import Catalog
import Primitives
import TestSupport
import Testing

@Suite("Probe of the catalogue file")
struct CatalogueProbeTests {
    /// Read, or refused at a place within the file, in one line of bounded length.
    @Test func `whatever bytes come, they are read or refused at a place within them`() async throws {
        let words = [
            "tenants:", "- ", "  ", "\n", "{", "}", "[", "]", "&a ", "*a", "!!", "|", ">", "<<: ", "? ", ": ",
        ]
        try await fuzz("catalogue", words: words, count: 1_500) { bytes in
            let linesCount = bytes.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } + 3
            do throws(DocumentError) {
                _ = try CatalogueDocument.parse(bytes: bytes, file: "f", vocabulary: .sample)
            } catch {
                // A line break may also be one of Unicode's.
                let extra = bytes.count { $0 == 0xE2 || $0 == 0xC2 }
                let isPlaced = (1...linesCount + extra).contains(error.mark.line) && error.mark.column >= 1
                let message = error.message
                guard isPlaced, !message.contains("\n"), message.utf8.count < 100_000 else {
                    throw Misplaced(description: "\(error.mark): \(message.prefix(300))")
                }
            }
        }
    }

    private struct Misplaced: Error, CustomStringConvertible {
        let description: String
    }

    @Test func `depth does not take it far`() {
        let depth = String(repeating: "[", count: 100_000)
        let ladder = String(repeating: "- ", count: 20_000)
        for text in ["tenants: \(depth)", "tenants:\n\(ladder)x"] {
            #expect(throws: DocumentError.self) {
                try CatalogueDocument.parse(text, file: "f", vocabulary: .sample)
            }
        }
    }
}

import Catalog
import Foundation
import Primitives
import TestSupport
import Testing

@Suite("Damaged catalogue files")
struct DamagedFileTests {
    /// Whatever happens to a file on its way, it is read or refused at a place within it: nothing in between.
    @Test func `a file with one thing broken is read or refused at a place within it`() throws {
        let whole = Array(try String(contentsOfFile: TestPaths.fixture("demo.yaml"), encoding: .utf8).utf8)
        let linesCount = whole.count { $0 == UInt8(ascii: "\n") } + 3
        let poison = Array("\"'{}[]:,&*!|>%@`#-\t\n\0\u{7F} é€0x".utf8)
        var random = SplitMix64(seed: 0x6461_6D61_6765)
        var refused = 0
        for number in 0..<1_500 {
            var bytes = whole
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch number % 3 {
            case 0: bytes[place] = poison.randomElement(using: &random) ?? 0
            case 1: bytes.remove(at: place)
            default:
                bytes.removeSubrange(
                    place..<min(bytes.count, place + Int.random(in: 1...400, using: &random)))
            }
            do throws(DocumentError) {
                _ = try CatalogueDocument.parse(bytes: bytes, file: "demo.yaml", vocabulary: .sample)
            } catch {
                refused += 1
                let isPlaced = (1...linesCount).contains(error.mark.line) && error.mark.column >= 1
                #expect(isPlaced && !error.message.contains("\n"), "case \(number): \(error)")
            }
        }
        #expect(refused > 500)
    }
}

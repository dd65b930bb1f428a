import Foundation
import Primitives
import TestSupport
import Testing

@Suite("Probes of Primitives")
struct ProbeTests {
    @Test(arguments: PrimitivesProbe.allCases)
    func `whatever bytes come, what must hold of a parser holds`(probe: PrimitivesProbe) async throws {
        try await fuzz(probe.rawValue, words: Self.words[probe] ?? []) { try probe.run($0) }
    }

    private static let words: [PrimitivesProbe: [String]] = [
        .json: ["{", "}", "[", "]", "\"", ":", ",", "true", "null", "\\u00e9", "1e5", "-", " "],
        .identifier: ["0", "z", "-", "7", "Z"],
        .money: [" USD", " JPY", ".", "-", "0"],
        .network: [":", "::", ".", "/", "ffff", "255", "0", "%"],
        .time: ["T", "Z", "+00:00", ".", "-", ":", "d", "ms", "60"],
    ]

    /// The parsers' work grows with their input and no faster: eight times the input is far from sixty-four times
    /// the work, whatever the machine.
    @Test(arguments: Long.allCases)
    func `eight times the input is about eight times the work`(_ long: Long) {
        let short = Self.leastWork(long.text(4_000))
        let eightfold = Self.leastWork(long.text(32_000))
        #expect(eightfold < short * 28, "\(long): \(short) and \(eightfold) ns")
    }

    enum Long: CaseIterable {
        case brackets, members, equalLengthNames, combiningMarks, digits, exponent, escapes, spaces, strings

        func text(_ count: Int) -> [UInt8] {
            func many(_ text: String) -> String { String(repeating: text, count: count) }
            let text =
                switch self {
                case .brackets: "[" + many("[],") + "1]"
                case .members: "{" + (0..<count).map { "\"\($0)\":1" }.joined(separator: ",") + "}"
                case .equalLengthNames:
                    "{" + (0..<count).map { "\"name\($0 + 1_000_000)\":1" }.joined(separator: ",") + "}"
                // Names that are only compared after they are normalised.
                case .combiningMarks: "{\"a\(many("\u{301}\u{316}"))\":1,\"b\(many("\u{316}\u{301}"))\":2}"
                case .digits: many("7") + "." + many("7")
                case .exponent: "1e" + many("0") + "1"
                case .escapes: "\"" + many("\\u00e9\\n") + "\""
                case .spaces: many(" \n") + "1"
                case .strings: "[" + many("\"é\",") + "1]"
                }
            return Array(text.utf8)
        }
    }

    /// Processor time of this thread for reading and writing, the least of a few tries.
    private static func leastWork(_ bytes: [UInt8]) -> UInt64 {
        (0..<5).map { _ in
            let start = threadNanoseconds()
            if let value = try? JSON.parse(bytes) { _ = value.canonical() }
            return threadNanoseconds() - start
        }.min() ?? 0
    }

    private static func threadNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

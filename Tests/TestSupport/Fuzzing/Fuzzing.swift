import Foundation
internal import Primitives
public import Testing

/// Plays inputs through a probe: those kept under fixtures/fuzz, then new ones made of them.
///
/// A few thousand in a test; `TOLLGATE_FUZZ_SECONDS=60` goes on for so long, and `TOLLGATE_SEED=<n>` with other ones.
/// An input that fails is shown as hex and belongs into fixtures/fuzz once its mistake is corrected.
public func fuzz(
    _ folder: String, words: [String] = [], count: Int = 5_000,
    sourceLocation: SourceLocation = #_sourceLocation, _ probe: ([UInt8]) throws -> Void
) async throws {
    let corpus = try FuzzCorpus.read(folder)
    for (name, bytes) in corpus {
        guard holds("\(folder)/\(name)", bytes, sourceLocation, probe) else { return }
    }
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["TOLLGATE_SEED"].flatMap { UInt64($0) } ?? 20_260_131
    let duration = environment["TOLLGATE_FUZZ_SECONDS"].flatMap { Double($0) }.map { Duration.seconds($0) }
    var mutator = Mutator(corpus: corpus.map(\.bytes), words: words, seed: seed)
    let start = ContinuousClock.now
    var number = 0
    while duration.map({ ContinuousClock.now - start < $0 }) ?? (number < count) {
        if number.isMultiple(of: 64) { await Task.yield() }
        let bytes = mutator.next()
        guard holds("seed \(seed), input \(number)", bytes, sourceLocation, probe) else { return }
        number += 1
    }
    if duration != nil { print("fuzz \(folder): \(number) inputs, seed \(seed), nothing found") }
}

private func holds(
    _ name: String, _ bytes: [UInt8], _ sourceLocation: SourceLocation, _ probe: ([UInt8]) throws -> Void
) -> Bool {
    do {
        try probe(bytes)
        return true
    } catch {
        let shown = bytes.prefix(2_000).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        Issue.record("\(name): \(error)\n\(bytes.count) bytes: \(shown)", sourceLocation: sourceLocation)
        return false
    }
}

/// The inputs that are kept.
public enum FuzzCorpus {
    /// The files of one folder of fixtures/fuzz, in the order of their names.
    public static func read(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
        let path = TestPaths.fixture("fuzz/\(folder)")
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { name in
            (name, Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)"))))
        }
    }
}

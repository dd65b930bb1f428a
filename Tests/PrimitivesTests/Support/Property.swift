import Foundation
import Primitives
import Testing

/// Tries a property on `count` random cases, each with a generator of its own, and reports the seed of the first case
/// that fails; `TOLLGATE_SEED=<that seed>` repeats it as the first case of every property.
///
/// Gives way now and then: few threads carry all tests, and some of those have deadlines.
func forAll(
    _ count: Int = 10_000,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ property: (inout SplitMix64) throws -> Void
) async {
    for index in 0..<count {
        if index.isMultiple(of: 64) { await Task.yield() }
        let seed = firstSeed &+ UInt64(index)
        var generator = SplitMix64(seed: seed)
        do {
            try property(&generator)
        } catch {
            Issue.record("case \(index), TOLLGATE_SEED=\(seed): \(error)", sourceLocation: sourceLocation)
            return
        }
    }
}

/// The property does not hold; says how.
struct Violation: Error, CustomStringConvertible {
    let description: String
}

func same<Value: Equatable>(_ left: Value, _ right: Value, _ note: @autoclosure () -> String = "") throws {
    guard left == right else { throw Violation(description: "\(left) is not \(right). \(note())") }
}

func holds(_ condition: Bool, _ note: @autoclosure () -> String) throws {
    guard condition else { throw Violation(description: note()) }
}

private let firstSeed: UInt64 =
    ProcessInfo.processInfo.environment["TOLLGATE_SEED"].flatMap { UInt64($0) } ?? 2_026_01_31

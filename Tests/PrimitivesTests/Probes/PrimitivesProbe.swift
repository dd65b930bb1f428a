import Primitives

/// What must hold of every parser of Primitives, whatever bytes it is given: shared by tests and libFuzzer.
///
/// It imports nothing but Primitives, so that scripts/fuzz can compile it with the sources alone.
enum PrimitivesProbe: String, CaseIterable {
    case json, identifier, money, time, network

    /// Throws `ProbeFailure` where something does not hold; a trap speaks for itself.
    func run(_ bytes: [UInt8]) throws(ProbeFailure) {
        switch self {
        case .json: try JSONProbe.run(bytes)
        case .identifier: try TextProbes.identifier(String(decoding: bytes, as: UTF8.self))
        case .money: try TextProbes.money(String(decoding: bytes, as: UTF8.self))
        case .time: try TextProbes.time(String(decoding: bytes, as: UTF8.self))
        case .network: try TextProbes.network(String(decoding: bytes, as: UTF8.self))
        }
    }
}

/// Something that must hold does not.
struct ProbeFailure: Error, CustomStringConvertible {
    let description: String
}

func require(_ condition: Bool, _ note: @autoclosure () -> String) throws(ProbeFailure) {
    guard condition else { throw ProbeFailure(description: note()) }
}

internal import Crypto

/// Numbers for the limits that have been met: a cell names its limit in four bytes.
///
/// As many as the dialects and the keys of an installation have; they are never forgotten.
struct BucketTable {
    private var numbers: [RateLimitBucket: UInt32] = [:]
    private var byName: [UInt64: UInt32] = [:]
    private(set) var steps: [WindowSteps] = []
    /// What other processes call each: the same limit is the same name everywhere.
    private(set) var names: [UInt64] = []

    mutating func number(of bucket: RateLimitBucket, limit: Int, window: Int64) -> UInt32 {
        if let known = numbers[bucket] { return known }
        let number = UInt32(steps.count)
        let name = Self.name("\(bucket.name)|\(limit)|\(window)")
        numbers[bucket] = number
        byName[name] = number
        steps.append(WindowSteps(limit: limit, window: window))
        names.append(name)
        return number
    }

    /// The number of another process's limit, if it is one of ours.
    func number(named name: UInt64) -> UInt32? { byName[name] }

    /// Whether a cell counts no more, whatever else its subject has asked.
    func forgets(_ cell: RateCell, at now: Int64) -> Bool {
        let age = cell.age(at: steps[Int(cell.limit)].number(at: now))
        return !(-WindowSteps.count...WindowSteps.count).contains(age)
    }

    private static func name(_ text: String) -> UInt64 {
        SHA256.hash(data: Array(text.utf8)).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self).bigEndian }
    }
}

/// What one limit says of one subject at one moment: a value, made of the subject's cells.
///
/// A clock that jumps back by less than a window stands still here until it has caught up; one that jumps back further
/// starts anew, so that nobody is locked out for the jump.
struct WindowTally {
    let bucket: UInt32
    let steps: WindowSteps
    /// The step of now, or a later one that a request was counted in already.
    private(set) var current: Int64
    private(set) var total = 0
    /// What this process has counted of it.
    private(set) var own = 0
    /// Where one more request would be counted; nil where that takes a new cell.
    private(set) var place: UInt32?
    private var newest: Int64?

    init(_ bucket: UInt32, _ steps: WindowSteps, at now: Int64) {
        self.bucket = bucket
        self.steps = steps
        current = steps.number(at: now)
    }

    var isFull: Bool { total >= steps.limit }

    /// First every cell of the limit is looked at for a step that is later than now.
    mutating func meet(_ cell: RateCell) {
        let age = cell.age(at: current)
        if age < 0, age >= -WindowSteps.count { current -= age }
    }

    /// Whether a cell counts no more, once all have been met.
    func forgets(_ cell: RateCell) -> Bool {
        !(0...WindowSteps.count).contains(cell.age(at: current))
    }

    /// Then each that counts is added.
    mutating func add(_ cell: RateCell, at place: UInt32) {
        let age = cell.age(at: current)
        total += Int(cell.count)
        newest = max(newest ?? .min, current - age)
        guard !cell.isElsewhere else { return }
        own += Int(cell.count)
        if age == 0 { self.place = place }
    }

    /// One more request is counted.
    mutating func take() {
        total += 1
        own += 1
        newest = current
    }

    /// The instant at which every counted request is forgotten.
    func resetsAt(_ now: Int64) -> Int64 { newest.map(steps.forgottenAt) ?? now }

    /// The instant from which one more request is let through; `counts` are the steps that count.
    func freeAt(_ now: Int64, _ counts: [(step: Int64, count: Int)]) -> Int64 {
        // Processes that share a limit may have let through more than it, so more than the oldest step has to go.
        var surplus = total - steps.limit
        for (step, count) in counts.sorted(by: { $0.step < $1.step }) {
            guard surplus >= 0 else { break }
            surplus -= count
            if surplus < 0 { return steps.forgottenAt(step) }
        }
        return now
    }
}

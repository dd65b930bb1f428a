extension SubjectTable {
    mutating func tallies(of wanted: [RateLimitBucket], at now: Int64) -> [WindowTally] {
        wanted.compactMap { bucket in
            guard case .sliding(let limit, let window) = bucket.limit else { return nil }
            let number = buckets.number(of: bucket, limit: limit, window: window)
            return WindowTally(number, buckets.steps[Int(number)], at: now)
        }
    }

    func count(_ head: UInt32, in tallies: inout [WindowTally]) {
        pool.each(of: head) { _, cell in
            for index in tallies.indices where tallies[index].bucket == cell.limit {
                tallies[index].meet(cell)
            }
        }
        pool.each(of: head) { place, cell in
            for index in tallies.indices where tallies[index].bucket == cell.limit {
                if !tallies[index].forgets(cell) { tallies[index].add(cell, at: place) }
            }
        }
    }

    /// Counts one request in a limit.
    mutating func count(_ tally: inout WindowTally, _ head: inout UInt32, _ key: SubjectKey) {
        if let place = tally.place {
            pool[place].count += 1
        } else {
            let step = UInt32(truncatingIfNeeded: tally.current)
            pool.push(RateCell(step: step, count: 1, bucket: tally.bucket, next: RateCell.none), on: &head)
        }
        tally.take()
        if processes > 1, tally.own >= sharedFrom(tally.steps.limit) { changed.insert(key) }
    }

    /// How many of a limit's requests a process keeps to itself: together they are a tenth of it.
    func sharedFrom(_ limit: Int) -> Int { max(1, limit / (10 * processes)) }

    /// What the tightest limit says.
    func verdict(
        _ tallies: [WindowTally], isAllowed: Bool, _ head: UInt32, at now: Int64
    ) -> RateLimitVerdict? {
        var tightest: RateLimitVerdict?
        for tally in tallies {
            let free = isAllowed || !tally.isFull ? now : tally.freeAt(now, counts(of: tally, head))
            let verdict = RateLimitVerdict(
                isAllowed: isAllowed, limit: tally.steps.limit,
                remaining: max(0, tally.steps.limit - tally.total),
                resetsAtMilliseconds: tally.resetsAt(now),
                retryAfterSeconds: free <= now ? 0 : max(1, Int((free - now + 999) / 1_000)))
            if let known = tightest, !verdict.isTighter(than: known) { continue }
            tightest = verdict
        }
        return tightest
    }

    private func counts(of tally: WindowTally, _ head: UInt32) -> [(step: Int64, count: Int)] {
        var counts: [(step: Int64, count: Int)] = []
        pool.each(of: head) { _, cell in
            guard cell.limit == tally.bucket, !tally.forgets(cell) else { return }
            counts.append((tally.current - cell.age(at: tally.current), Int(cell.count)))
        }
        return counts
    }
}

extension RateLimitVerdict {
    /// Less left, or as little for longer.
    fileprivate func isTighter(than other: RateLimitVerdict) -> Bool {
        if retryAfterSeconds != other.retryAfterSeconds { return retryAfterSeconds > other.retryAfterSeconds }
        return remaining < other.remaining
    }
}

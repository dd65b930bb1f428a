internal import Primitives

extension SlidingWindowLimiter {
    /// From now on so many processes count together; one counts for itself.
    func share(among processes: Int) {
        for shard in shards { shard.table.withLock { $0.share(among: processes) } }
    }

    /// What this process has counted of those who asked since the last call, and often enough to matter.
    func changed(at now: Instant) -> [SubjectKey: SharedCells] {
        shards.reduce(into: [:]) { all, shard in
            all.merge(shard.table.withLock { $0.takeChanged(at: now.milliseconds) }) { one, _ in one }
        }
    }

    /// They could not be told: the next call is to say it again.
    func changedStill(_ keys: some Sequence<SubjectKey>) {
        for key in keys { shard(of: key).table.withLock { _ = $0.changed.insert(key) } }
    }

    /// What others have counted of a subject, in place of what they had counted before.
    func count(_ elsewhere: [SharedCells.Cell], of key: SubjectKey, at now: Instant) {
        shard(of: key).table.withLock { $0.count(elsewhere, of: key, at: now.milliseconds) }
    }
}

extension SubjectTable {
    mutating func share(among count: Int) {
        // What was counted alone has been told to nobody.
        if processes == 1, count > 1 { changed = Set(entries.keys) }
        if count == 1 { changed = [] }
        processes = count
    }

    mutating func takeChanged(at now: Int64) -> [SubjectKey: SharedCells] {
        defer { changed = [] }
        var told: [SubjectKey: SharedCells] = [:]
        for key in changed {
            guard let entry = entries[key], let cells = ownCells(entry.head, at: now) else { continue }
            told[key] = cells
        }
        return told
    }

    /// All that this process counts of a subject; `nil` where no limit of it is used enough to be told.
    private func ownCells(_ head: UInt32, at now: Int64) -> SharedCells? {
        var shared = SharedCells(cells: [])
        var used: [UInt32: Int] = [:]
        pool.each(of: head) { _, cell in
            guard !cell.isElsewhere, !buckets.forgets(cell, at: now) else { return }
            let steps = buckets.steps[Int(cell.limit)]
            let current = steps.number(at: now)
            let step = current - cell.age(at: current)
            used[cell.limit, default: 0] += Int(cell.count)
            shared.forgottenAt = max(shared.forgottenAt, steps.forgottenAt(step))
            shared.cells.append(
                SharedCells.Cell(limit: buckets.names[Int(cell.limit)], step: step, count: cell.count))
        }
        return used.contains { $1 >= sharedFrom(buckets.steps[Int($0)].limit) } ? shared : nil
    }

    mutating func count(_ elsewhere: [SharedCells.Cell], of key: SubjectKey, at now: Int64) {
        guard var entry = entries[key] else { return }
        pool.drop(from: &entry.head) { $0.isElsewhere }
        for cell in elsewhere {
            guard let limit = buckets.number(named: cell.limit) else { continue }
            let shared = RateCell(
                step: UInt32(truncatingIfNeeded: cell.step), count: cell.count,
                bucket: limit | RateCell.elsewhere, next: RateCell.none)
            if !buckets.forgets(shared, at: now) { pool.push(shared, on: &entry.head) }
        }
        entries[key] = entry
    }
}

/// When the clocks of a zone change, and how far they are from UTC since; in seconds, positive to the east.
struct ZoneOffsets: Sendable, Hashable {
    struct Change: Sendable, Hashable {
        /// Since 1970-01-01T00:00:00Z.
        let at: Int64
        let offset: Int64
    }

    /// Before all changes.
    let first: Int64
    /// In the order of time.
    let changes: [Change]
    /// What goes on year after year once `changes` are over; `nil` where nothing changes any more.
    let yearly: YearlyOffsets?

    func offset(at second: Int64) -> Int64 {
        if second >= lastListed, let yearly,
            let last = yearly.changes(around: second).last(where: { $0.at <= second && $0.at > lastListed })
        {
            return last.offset
        }
        let count = countOfChanges(through: second)
        return count == 0 ? first : changes[count - 1].offset
    }

    /// The changes after one second and until another, a few days later at most, in the order of time.
    func changes(after start: Int64, through end: Int64) -> [Change] {
        let listed = changes[countOfChanges(through: start)..<countOfChanges(through: end)]
        guard end > lastListed, let yearly else { return Array(listed) }
        return listed
            + yearly.changes(around: end).filter { $0.at > lastListed && $0.at > start && $0.at <= end }
    }

    private var lastListed: Int64 { changes.last?.at ?? .min }

    /// How many of `changes` are over at this second.
    private func countOfChanges(through second: Int64) -> Int {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].at <= second { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Summer and winter as they will alternate for ever.
struct YearlyOffsets: Sendable, Hashable {
    let winter: Int64
    let summer: Int64
    let summerBegins: YearlyMoment
    let summerEnds: YearlyMoment

    /// The changes of the year in which the second lies, and of those before and after it, in the order of time.
    func changes(around second: Int64) -> [ZoneOffsets.Change] {
        let year = CivilDate.civil(fromDays: flooredQuotient(second, 86_400)).year
        return (year - 1...year + 1).flatMap { year in
            [
                ZoneOffsets.Change(at: summerBegins.second(in: year) - winter, offset: summer),
                ZoneOffsets.Change(at: summerEnds.second(in: year) - summer, offset: winter),
            ]
        }.sorted { $0.at < $1.at }
    }
}

/// A day of every year and a time on it, as clocks show it before they change.
struct YearlyMoment: Sendable, Hashable {
    enum Day: Sendable, Hashable {
        /// The first (1) to last (5) of a weekday, Sunday being 0, in a month.
        case weekday(Int64, week: Int64, month: Int)
        /// 1…365: 29 February is not counted.
        case ofCommonYear(Int64)
        /// 0…365: 29 February is counted.
        case ofYear(Int64)
    }

    let day: Day
    /// Since that day's midnight; may lie days before or after it.
    let time: Int64

    /// Seconds from 1970-01-01T00:00:00 by the clock on the wall.
    func second(in year: Int) -> Int64 { days(in: year) * 86_400 + time }

    private func days(in year: Int) -> Int64 {
        let newYear = CivilDate.days(fromCivil: (year, 1, 1))
        switch day {
        case .ofYear(let number): return newYear + number
        case .ofCommonYear(let number):
            return newYear + number - (CivilDate.isLeap(year) && number >= 60 ? 0 : 1)
        case .weekday(let weekday, let week, let month):
            let first = CivilDate.days(fromCivil: (year, month, 1))
            // 1970 began on a Thursday.
            let firstWeekday = (first + 4) - flooredQuotient(first + 4, 7) * 7
            let found = first + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            let isBeyond = found >= first + Int64(CivilDate.daysInMonth(month, of: year))
            return isBeyond ? found - 7 : found
        }
    }
}

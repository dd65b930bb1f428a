internal import Primitives

/// The days that a report is of, in the tenant's zone: `[from, to)`, in steps of a day or a month.
struct ReportPeriod: Sendable, Hashable {
    enum Step: String, Sendable, CaseIterable {
        case day, month
    }

    /// `2026-01-31`.
    let from: String
    /// The day after the last one.
    let to: String
    let step: Step

    /// The longest that is shown: ten years.
    static let daysMax: Int64 = 3_660

    /// What a query says; both ends have to be named.
    init(_ query: AdminQuery) throws(AdminProblem) {
        let (from, to) = (try Self.day("from", query), try Self.day("to", query))
        guard from < to, to.daysSinceEpoch - from.daysSinceEpoch <= Self.daysMax else {
            throw .invalidQuery("to", "a day after from, at most ten years later")
        }
        (self.from, self.to) = (Self.text(from), Self.text(to))
        step = try query.word("step") ?? .day
    }

    private static func day(_ name: String, _ query: AdminQuery) throws(AdminProblem) -> CivilDate {
        let expected = "a day such as 2026-01-31"
        let parts = (try query.text(name, expected) ?? "").split(
            separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            let date = CivilDate(year: year, month: month, day: day)
        else { throw .invalidQuery(name, expected) }
        return date
    }

    private static func text(_ day: CivilDate) -> String {
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: count - text.count) + text
        }
        return "\(digits(day.year, 4))-\(digits(day.month, 2))-\(digits(day.day, 2))"
    }
}

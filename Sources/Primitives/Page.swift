/// Some of the rows that were asked for, and where the rest begins.
///
/// The cursor is a value of the domain (the last row's id, or its place); each dialect spells it in its own way.
public struct Page<Element, Cursor> {
    public let items: [Element]
    /// Where the next page begins; `nil` on the last one.
    public let next: Cursor?

    public init(items: [Element], next: Cursor?) {
        self.items = items
        self.next = next
    }

    /// A page of at most `limit` rows out of those read with a limit of one more: the extra row only tells that there
    /// is another page, which begins after the last one shown.
    public init(readingOneMore rows: [Element], limit: Int, cursor: (Element) -> Cursor) {
        precondition(limit > 0, "a page holds at least one row")
        items = Array(rows.prefix(limit))
        next = rows.count > limit ? items.last.map(cursor) : nil
    }

    public func map<Other>(_ transform: (Element) throws -> Other) rethrows -> Page<Other, Cursor> {
        Page<Other, Cursor>(items: try items.map(transform), next: next)
    }
}

extension Page: Sendable where Element: Sendable, Cursor: Sendable {}
extension Page: Equatable where Element: Equatable, Cursor: Equatable {}

/// How many requests one subject made in one step of one limit: sixteen bytes, and a link to the subject's next one.
struct RateCell {
    /// The step's number, of which the last 32 bits are enough: what is older than a window is dropped long before two
    /// steps look the same.
    var step: UInt32
    var count: UInt32
    /// The limit's number, and whether another process counted them.
    var bucket: UInt32
    var next: UInt32

    static let none = UInt32.max
    static let elsewhere: UInt32 = 1 << 31

    /// The limit's number alone.
    var limit: UInt32 { bucket & ~Self.elsewhere }
    var isElsewhere: Bool { bucket & Self.elsewhere != 0 }

    /// How many steps before `current` it lies; negative where it lies after.
    func age(at current: Int64) -> Int64 {
        Int64(Int32(bitPattern: UInt32(truncatingIfNeeded: current) &- step))
    }
}

/// The cells of many subjects in one array, each subject's as a list; those that are free are a list too.
struct CellPool {
    private(set) var cells: [RateCell] = []
    private var free = RateCell.none

    subscript(place: UInt32) -> RateCell {
        get { cells[Int(place)] }
        set { cells[Int(place)] = newValue }
    }

    /// Puts a cell at the head of a list.
    mutating func push(_ cell: RateCell, on head: inout UInt32) {
        var cell = cell
        cell.next = head
        if free == RateCell.none {
            head = UInt32(cells.count)
            cells.append(cell)
        } else {
            head = free
            free = cells[Int(free)].next
            cells[Int(head)] = cell
        }
    }

    /// Takes those out of a list that are to be dropped.
    mutating func drop(from head: inout UInt32, where isDropped: (RateCell) -> Bool) {
        var previous = RateCell.none
        var place = head
        while place != RateCell.none {
            let cell = cells[Int(place)]
            if isDropped(cell) {
                if previous == RateCell.none {
                    head = cell.next
                } else {
                    cells[Int(previous)].next = cell.next
                }
                cells[Int(place)].next = free
                free = place
            } else {
                previous = place
            }
            place = cell.next
        }
    }

    /// Every cell of a list.
    func each(of head: UInt32, _ body: (UInt32, RateCell) -> Void) {
        var place = head
        while place != RateCell.none {
            let cell = cells[Int(place)]
            body(place, cell)
            place = cell.next
        }
    }
}

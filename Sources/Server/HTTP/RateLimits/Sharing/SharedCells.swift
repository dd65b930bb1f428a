internal import Primitives

/// What one process has counted of one subject, as the others read it.
struct SharedCells: Sendable, Hashable {
    /// One step of one limit.
    struct Cell: Sendable, Hashable {
        /// What every process calls the limit.
        var limit: UInt64
        var step: Int64
        var count: UInt32
    }

    var cells: [Cell]
    /// When all of it is forgotten.
    var forgottenAt: Int64 = 0

    /// Twenty bytes a cell, big-endian.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(cells.count * 20)
        for cell in cells {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: cell.limit >> UInt64(shift)))
            }
            let step = UInt64(bitPattern: cell.step)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: step >> UInt64(shift)))
            }
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: cell.count >> UInt32(shift)))
            }
        }
        return bytes
    }

    init(cells: [Cell], forgottenAt: Int64 = 0) {
        self.cells = cells
        self.forgottenAt = forgottenAt
    }

    /// `nil` where the bytes are no whole cells.
    init?(bytes: [UInt8]) {
        guard bytes.count.isMultiple(of: 20) else { return nil }
        func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        cells = stride(from: 0, to: bytes.count, by: 20).map { start in
            Cell(
                limit: number(start..<start + 8), step: Int64(bitPattern: number(start + 8..<start + 16)),
                count: UInt32(number(start + 16..<start + 20)))
        }
    }
}

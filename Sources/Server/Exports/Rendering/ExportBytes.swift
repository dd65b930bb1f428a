internal import Foundation
internal import Primitives

/// What an export writes, gathered in one piece of memory that every chunk uses again: a String for each cell would cost
/// more than everything else.
final class ExportBytes {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0
    // Rows follow each other in time, so the day is mostly that of the cell before.
    private var lastDay = Int64.min
    private var lastDate: (UInt64, UInt16) = (0, 0)

    init(capacity: Int = 96 * 1_024) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit {
        base.deallocate()
    }

    /// What was gathered; there is nothing then.
    func take() -> [UInt8] {
        defer { count = 0 }
        return [UInt8](UnsafeBufferPointer(start: base, count: count))
    }

    @inline(__always)
    private func room(for more: Int) -> UnsafeMutablePointer<UInt8> {
        if capacity - count < more { grow(by: more) }
        return base + count
    }

    private func grow(by more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }

    @inline(__always)
    func append(_ byte: UInt8) {
        room(for: 1).pointee = byte
        count += 1
    }

    @inline(__always)
    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        UnsafeMutableRawPointer(room(for: bytes.count)).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// The 16 bytes of an id, as its UUID is spelt.
    func append(uuid bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 16, "an id has 16 bytes")
        var place = room(for: 36)
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 {
                place.pointee = UInt8(ascii: "-")
                place += 1
            }
            place[0] = Self.hexDigit(bytes[index] >> 4)
            place[1] = Self.hexDigit(bytes[index] & 15)
            place += 2
        }
        count += 36
    }

    func append(_ number: Int64) {
        append(minor: number, scale: 0)
    }

    /// A whole number of minor units as a plain decimal with all digits of its scale: `-0.05`.
    func append(minor: Int64, scale: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
            var rest = minor.magnitude
            var place = 24
            var written = 0
            repeat {
                if written == scale, scale > 0 {
                    place -= 1
                    digits[place] = UInt8(ascii: ".")
                }
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                place -= 1
                digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                rest = quotient
                written += 1
            } while rest > 0 || written <= scale
            if minor < 0 { append(UInt8(ascii: "-")) }
            append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[place..<24]))
        }
    }

    /// As `2026-01-31T00:00:00.000Z`.
    func append(_ instant: Instant) {
        let (day, time) = instant.milliseconds.flooredDivision(by: 86_400_000)
        if day != lastDay {
            guard let date = CivilDate(daysSinceEpoch: day) else {
                preconditionFailure("rows have instants of the years 1…9999")
            }
            remember(date, day)
        }
        let place = room(for: 24)
        withUnsafeBytes(of: lastDate.0) {
            place.update(from: $0.bindMemory(to: UInt8.self).baseAddress!, count: 8)
        }
        withUnsafeBytes(of: lastDate.1) {
            (place + 8).update(from: $0.bindMemory(to: UInt8.self).baseAddress!, count: 2)
        }
        place[10] = UInt8(ascii: "T")
        Self.write(time / 3_600_000, to: place + 11)
        place[13] = UInt8(ascii: ":")
        Self.write(time / 60_000 % 60, to: place + 14)
        place[16] = UInt8(ascii: ":")
        Self.write(time / 1_000 % 60, to: place + 17)
        place[19] = UInt8(ascii: ".")
        place[20] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: time % 1_000 / 100)
        Self.write(time % 100, to: place + 21)
        place[23] = UInt8(ascii: "Z")
        count += 24
    }

    /// As `2026-01-31`.
    func append(_ date: CivilDate) {
        let place = room(for: 10)
        Self.write(Int64(date.year / 100), to: place)
        Self.write(Int64(date.year % 100), to: place + 2)
        place[4] = UInt8(ascii: "-")
        Self.write(Int64(date.month), to: place + 5)
        place[7] = UInt8(ascii: "-")
        Self.write(Int64(date.day), to: place + 8)
        count += 10
    }

    private func remember(_ date: CivilDate, _ day: Int64) {
        append(date)
        count -= 10
        let written = UnsafeRawPointer(base + count)
        lastDate = (
            written.loadUnaligned(as: UInt64.self), written.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
        )
        lastDay = day
    }

    @inline(__always)
    private static func write(_ twoDigits: Int64, to place: UnsafeMutablePointer<UInt8>) {
        let number = UInt8(truncatingIfNeeded: twoDigits)
        place[0] = UInt8(ascii: "0") + number / 10
        place[1] = UInt8(ascii: "0") + number % 10
    }

    @inline(__always)
    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}

extension Int64 {
    /// The quotient rounded towards minus infinity, and what is left, which is never below zero.
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}

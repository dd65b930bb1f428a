/// Reads a `numeric` that has no fraction into 64 bits, exactly or not at all.
///
/// The binary form is four 16-bit words (digit count, weight of the first digit, sign, display scale) and
/// then the digits in base 10000.
enum WholeNumeric {
    static func read(_ bytes: UnsafeRawBufferPointer) throws -> Int64 {
        func word(_ index: Int) -> Int16 {
            Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))
        }
        let digitCount = Int(word(0))
        let weight = Int(word(1))
        let sign = UInt16(bitPattern: word(2))
        guard digitCount >= 0, bytes.count >= 8 + digitCount * 2, sign == 0 || sign == 0x4000 else {
            throw Unreadable("the numeric is not a finite number")
        }
        guard digitCount > 0 else { return 0 }
        guard digitCount <= weight + 1 else { throw Unreadable("the numeric has a fraction") }

        // Counting down below zero reaches Int64.min, which counting up cannot.
        var value: Int64 = 0
        for position in 0...weight {
            let digit = position < digitCount ? Int64(word(4 + position)) : 0
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10_000)
            let (next, underflow) = scaled.subtractingReportingOverflow(digit)
            guard !overflow, !underflow else { throw Unreadable("the numeric does not fit 64 bits") }
            value = next
        }
        if sign == 0x4000 { return value }
        guard value != .min else { throw Unreadable("the numeric does not fit 64 bits") }
        return -value
    }
}

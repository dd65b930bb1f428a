internal import CLibPQ

/// The parallel arrays in which libpq takes parameters, over one copy of all their bytes.
enum ParameterBuffers {
    typealias Body<T> = (
        UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    ) throws -> T

    /// Calls with the values, their lengths and their formats (all binary).
    static func with<T>(_ values: [Value], _ body: Body<T>) rethrows -> T {
        guard !values.isEmpty else { return try body(nil, nil, nil) }
        let total = values.reduce(1) { $0 + ($1.bytes?.count ?? 0) }
        return try withUnsafeTemporaryAllocation(byteCount: total, alignment: 1) { storage in
            var pointers: [UnsafePointer<CChar>?] = []
            var lengths: [Int32] = []
            pointers.reserveCapacity(values.count)
            lengths.reserveCapacity(values.count)
            var offset = 0
            for value in values {
                guard let bytes = value.bytes else {
                    pointers.append(nil)
                    lengths.append(0)
                    continue
                }
                let place = UnsafeMutableRawBufferPointer(rebasing: storage[offset..<offset + bytes.count])
                place.copyBytes(from: bytes)
                // An empty value still needs an address: a null pointer means NULL.
                pointers.append(
                    UnsafePointer((storage.baseAddress! + offset).assumingMemoryBound(to: CChar.self)))
                lengths.append(Int32(bytes.count))
                offset += bytes.count
            }
            return try body(pointers, lengths, [Int32](repeating: 1, count: values.count))
        }
    }
}

/// Reads a compiled zone of the tz database: TZif of RFC 8536, its part with 64-bit times and the rule for the years after.
struct ZoneFile {
    let offsets: ZoneOffsets

    init(_ bytes: some Collection<UInt8>) throws(ZoneUnreadable) {
        var reader = BigEndianReader(bytes)
        // The part with 32-bit times is for readers of another age.
        let old = try Header(&reader)
        guard old.version >= UInt8(ascii: "2") else { throw ZoneUnreadable("has 32-bit times only") }
        try reader.skip(old.size(timeBytes: 4))
        let header = try Header(&reader)
        guard header.leapSeconds == 0 else { throw ZoneUnreadable("counts leap seconds") }

        var times: [Int64] = []
        for _ in 0..<header.changes { times.append(try reader.int64()) }
        var kinds: [Int] = []
        for _ in 0..<header.changes { kinds.append(Int(try reader.byte())) }
        var kindOffsets: [Int64] = []
        for _ in 0..<header.kinds {
            kindOffsets.append(Int64(try reader.int32()))
            try reader.skip(2)
        }
        try reader.skip(header.nameBytes + header.flags)
        guard let first = kindOffsets.first, kinds.allSatisfy(kindOffsets.indices.contains),
            kindOffsets.allSatisfy({ abs($0) <= 26 * 3_600 }),
            zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw ZoneUnreadable("contradicts itself") }
        offsets = ZoneOffsets(
            first: first,
            changes: zip(times, kinds).map { ZoneOffsets.Change(at: $0, offset: kindOffsets[$1]) },
            yearly: try PosixRule.read(try reader.footer()))
    }

    private struct Header {
        let version: UInt8
        /// Flags of two sorts that only matter to the rules of another age.
        let flags: Int
        let leapSeconds: Int
        let changes: Int
        let kinds: Int
        let nameBytes: Int

        init(_ reader: inout BigEndianReader) throws(ZoneUnreadable) {
            for byte in "TZif".utf8 {
                guard try reader.byte() == byte else { throw ZoneUnreadable("is no TZif file") }
            }
            version = try reader.byte()
            try reader.skip(15)
            flags = try reader.count() + reader.count()
            leapSeconds = try reader.count()
            changes = try reader.count()
            kinds = try reader.count()
            nameBytes = try reader.count()
        }

        func size(timeBytes: Int) -> Int {
            changes * (timeBytes + 1) + kinds * 6 + nameBytes + leapSeconds * (timeBytes + 4) + flags
        }
    }
}

/// Why a zone is not there, or not to be understood.
public struct ZoneUnreadable: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Walks over the numbers of a file.
private struct BigEndianReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: some Collection<UInt8>) { self.bytes = Array(bytes) }

    mutating func byte() throws(ZoneUnreadable) -> UInt8 {
        guard position < bytes.count else { throw ZoneUnreadable("ends too soon") }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func skip(_ count: Int) throws(ZoneUnreadable) {
        guard count <= bytes.count - position else { throw ZoneUnreadable("ends too soon") }
        position += count
    }

    mutating func int32() throws(ZoneUnreadable) -> Int32 {
        var value: UInt32 = 0
        for _ in 0..<4 { value = value << 8 | UInt32(try byte()) }
        return Int32(bitPattern: value)
    }

    mutating func int64() throws(ZoneUnreadable) -> Int64 {
        var value: UInt64 = 0
        for _ in 0..<8 { value = value << 8 | UInt64(try byte()) }
        return Int64(bitPattern: value)
    }

    /// How many of something follow: never more than the file has bytes.
    mutating func count() throws(ZoneUnreadable) -> Int {
        let count = Int(try int32())
        guard (0...bytes.count).contains(count) else { throw ZoneUnreadable("ends too soon") }
        return count
    }

    /// What stands between the last two line feeds.
    mutating func footer() throws(ZoneUnreadable) -> Substring {
        guard try byte() == UInt8(ascii: "\n"), bytes.last == UInt8(ascii: "\n"), position < bytes.count
        else {
            throw ZoneUnreadable("has no rule for the years to come")
        }
        return String(decoding: bytes[position..<(bytes.count - 1)], as: UTF8.self)[...]
    }
}

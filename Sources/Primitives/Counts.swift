/// How many subscriptions one order makes; exists only within its cap.
public struct Quantity: Sendable, Hashable {
    public let value: Int32
    /// The most that one order may ask for (contracts/gate.md G7).
    public static let cap: Int32 = 100
    public static let one = Quantity(unchecked: 1)

    public init?(_ value: Int64) {
        guard (1...Int64(Self.cap)).contains(value) else { return nil }
        self.value = Int32(value)
    }

    private init(unchecked value: Int32) { self.value = value }
}

/// How many periods each subscription of an order lasts; multiplies duration and price.
public struct RepeatCount: Sendable, Hashable {
    public let value: Int32
    /// The most that one order may ask for (contracts/gate.md G7).
    public static let cap: Int32 = 120
    public static let one = RepeatCount(unchecked: 1)

    public init?(_ value: Int64) {
        guard (1...Int64(Self.cap)).contains(value) else { return nil }
        self.value = Int32(value)
    }

    private init(unchecked value: Int32) { self.value = value }
}

/// A TCP port, 1…65 535.
public struct PortNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let value: Int32

    public init?(_ value: Int64) {
        guard (1...65_535).contains(value) else { return nil }
        self.value = Int32(value)
    }

    public static func < (left: PortNumber, right: PortNumber) -> Bool { left.value < right.value }
    public var description: String { String(value) }
}

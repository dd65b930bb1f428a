/// Where an exit is, in the catalogue's words: `nl`, `us`, or `mixed` for any; 2–32 lower-case letters and digits.
public struct ExitCountry: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    public let rawValue: String

    /// `nil` where no catalogue can say it.
    public init?(rawValue: String) {
        guard (2...32).contains(rawValue.utf8.count), rawValue.utf8.allSatisfy(Self.isLowerOrDigit) else {
            return nil
        }
        self.rawValue = rawValue
    }

    private static func isLowerOrDigit(_ letter: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(letter)
    }

    public static func < (left: ExitCountry, right: ExitCountry) -> Bool { left.rawValue < right.rawValue }
    public var description: String { rawValue }
}

/// When an exit changes by itself: with every connection (`instant`), or after so many minutes (`5m`).
public enum ExitRotation: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    case perConnection
    /// From 1 to 99 999 minutes, ten weeks.
    case every(minutes: Int32)

    /// Reads what `rawValue` writes, and nothing else.
    public init?(rawValue: String) {
        if rawValue == "instant" {
            self = .perConnection
            return
        }
        guard rawValue.last == "m", let minutes = Int32(rawValue.dropLast()), (1...99_999).contains(minutes),
            rawValue == "\(minutes)m"
        else { return nil }
        self = .every(minutes: minutes)
    }

    public var rawValue: String {
        switch self {
        case .perConnection: "instant"
        case .every(let minutes): "\(minutes)m"
        }
    }

    /// After how many minutes the worker asks for another exit; 0: never, the gateway changes it by itself.
    public var minutes: Int32 {
        switch self {
        case .perConnection: 0
        case .every(let minutes): minutes
        }
    }

    public var description: String { rawValue }
}

/// The exit that a subscription has: one of its plan's countries and one of its rotations.
public struct Exit: Sendable, Hashable {
    public var country: ExitCountry
    public var rotation: ExitRotation

    public init(country: ExitCountry, rotation: ExitRotation) {
        self.country = country
        self.rotation = rotation
    }
}

/// What a buyer says of the exit; what is left out is the plan's first.
public struct ExitChoice: Sendable, Hashable {
    public var country: ExitCountry?
    public var rotation: ExitRotation?

    public init(country: ExitCountry? = nil, rotation: ExitRotation? = nil) {
        self.country = country
        self.rotation = rotation
    }
}

/// Why a plan has not the exit that was chosen.
public enum ExitRefusal: Error, Sendable, Hashable {
    case countryNotOffered(ExitCountry)
    case rotationNotOffered(ExitRotation)
}

extension Plan {
    /// The exit of a subscription that is bought with this choice; `nil` where the plan offers none.
    public func exit(for choice: ExitChoice?) throws(ExitRefusal) -> Exit? {
        if let country = choice?.country, !exits.contains(country) { throw .countryNotOffered(country) }
        if let rotation = choice?.rotation, !exitRotations.contains(rotation) {
            throw .rotationNotOffered(rotation)
        }
        guard let country = choice?.country ?? exits.first,
            let rotation = choice?.rotation ?? exitRotations.first
        else { return nil }
        return Exit(country: country, rotation: rotation)
    }
}

public import Catalog
public import Primitives

/// Why a connection was not changed; nothing was written.
public enum ConnectionRefusal: Error, Sendable, Hashable {
    /// The subscription has no slot, or its time is over.
    case noLiveConnection
    /// The plan was sold without rotation.
    case rotationNotAvailable
    /// The plan was sold with these choices of minutes and not this one.
    case rotationNotAllowed(minutes: Int32, choices: [Int32])
    /// The exit was changed a moment ago; it may be again after so many milliseconds.
    case tooSoon(retryAfterMilliseconds: Int64)
    /// More addresses than the dialect lets a list have.
    case tooManySources(limit: Int)
    /// The plan offers no choice of exit.
    case exitNotChangeable
    case exitCountryNotOffered(ExitCountry)
    case exitRotationNotOffered(ExitRotation)
    /// The subscription has a slot on each of several networks: none of them can be another.
    case severalSlots
    /// The tenant has no such network.
    case unknownNetwork(NetworkID)
    /// The connection is in this network already.
    case sameNetwork
    /// The network is not offered for now.
    case networkInactive
    /// The network is of another type, which is another product at another price.
    case networkOfAnotherType
    /// No slot of the network is free.
    case soldOut
}

internal import Primitives

/// A person who works for the platform or for a tenant, as stored.
struct StaffPerson: Sendable, Hashable {
    let scope: StaffScope
    let id: StaffID
    /// Lower case.
    let email: String
    let name: String
    let role: StaffRole
    let isActive: Bool
    /// The PHC string.
    let passwordHash: String
    /// Sessions begun under another version are over.
    let sessionVersion: Int64
    let secondFactor: StaffSecondFactor?
    let createdAt: Instant

    /// Whether signing in takes a code.
    var needsCode: Bool { secondFactor?.since != nil }

    var actor: StaffActor {
        StaffActor(kind: .person, scope: scope, role: role, id: id.retyped(), name: email)
    }
}

/// A person's authenticator, as stored.
struct StaffSecondFactor: Sendable, Hashable {
    /// Under the installation key.
    let sealedSecret: [UInt8]
    /// When it was confirmed; `nil`: it was not, and is not asked for yet.
    let since: Instant?
    /// Of the last code that was accepted.
    let lastStep: OneTimeStep?
    let recoveryDigests: [String]
}

/// Why somebody's rows stay as they are.
enum StaffRefusal: Error, Sendable, Hashable {
    /// Somebody in this scope has the address.
    case emailTaken
    /// There is no such person in this scope.
    case personUnknown
    /// There is no such key in this scope.
    case keyUnknown
    /// Nobody could let anybody in any more.
    case lastOwner
    case passwordWrong
    /// The code is not the one of this moment, or was used.
    case codeWrong
    case secondFactorOn
    /// There is none, or it was never confirmed.
    case secondFactorOff
}

/// What a person's details must be like.
enum StaffRules {
    static let passwordLength = 12...1_024
    static let nameLength = 1...100

    /// The address as it is stored; `nil` for what is none: visible ASCII, one @ with something on either side.
    static func email(_ text: String) -> String? {
        let letters = text.utf8
        guard (3...254).contains(letters.count), letters.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return text.lowercased()
    }

    static func isPassword(_ text: String) -> Bool { passwordLength.contains(text.utf8.count) }

    /// Something to call them by: no control characters.
    static func isName(_ text: String) -> Bool {
        nameLength.contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    /// A password for somebody who is to choose their own: 26 letters and digits, 134 bits.
    static func makePassword(_ random: any RandomSource) -> String {
        KeyForm(
            prefix: "", lengths: 26...26, accepted: .lowerAlphanumeric, madeLength: 26,
            made: .lowerAlphanumeric
        ).make(random)
    }
}

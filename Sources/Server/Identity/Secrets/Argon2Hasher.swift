internal import CArgon2
public import Primitives

/// argon2id through libargon2, on one thread of its own: never more memory than one password needs, and never
/// a thread of the cooperative pool held for 40 milliseconds.
public final class Argon2Hasher: SecretHasher {
    private let costs: Argon2Costs
    private let random: any RandomSource
    private let thread: SecretThread
    // What nobody's password is compared with, so that an unknown person costs the same as a known one.
    private let decoy: String

    private static let saltLength = 16
    private static let hashLength = 32

    /// - Parameter waitingMax: passwords that may wait; at 40 ms each, 32 wait for a second or so.
    public init(
        costs: Argon2Costs = .standard, random: any RandomSource = SystemRandom(), waitingMax: Int = 32
    ) {
        self.costs = costs
        self.random = random
        thread = SecretThread(waitingMax: waitingMax)
        decoy = Self.encoded(costs, salt: random.bytes(Self.saltLength), hash: random.bytes(Self.hashLength))
    }

    public func hash(_ password: String) async throws -> String {
        let salt = random.bytes(Self.saltLength)
        return try await thread.run { [costs] in try Self.hash(password, salt: salt, costs) }
    }

    public func verify(_ password: String, _ encoded: String?) async throws -> Bool {
        try await thread.run { [decoy] in
            let isRight = try Self.isRight(password, encoded ?? decoy)
            return isRight && encoded != nil
        }
    }

    /// The PHC string of a password under a given salt; waits for it.
    static func hash(_ password: String, salt: [UInt8], _ costs: Argon2Costs) throws -> String {
        let length = argon2_encodedlen(
            costs.iterations, costs.memoryKibibytes, costs.lanes, UInt32(salt.count), UInt32(hashLength),
            Argon2_id)
        var text = [CChar](repeating: 0, count: length)
        let letters = Array(password.utf8)
        let code = argon2id_hash_encoded(
            costs.iterations, costs.memoryKibibytes, costs.lanes, letters, letters.count, salt, salt.count,
            hashLength,
            &text, length)
        guard code == ARGON2_OK.rawValue else { throw SecretHasherError.failed(code: code) }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func isRight(_ password: String, _ encoded: String) throws -> Bool {
        let letters = Array(password.utf8)
        let code = argon2id_verify(encoded, letters, letters.count)
        if code == ARGON2_OK.rawValue { return true }
        guard code == ARGON2_VERIFY_MISMATCH.rawValue else { throw SecretHasherError.failed(code: code) }
        return false
    }

    /// RFC 4648 base 64 without padding, as the PHC string format wants it.
    private static func encoded(_ costs: Argon2Costs, salt: [UInt8], hash: [UInt8]) -> String {
        "$argon2id$v=19$m=\(costs.memoryKibibytes),t=\(costs.iterations),p=\(costs.lanes)"
            + "$\(Base64.encodeWithoutPadding(salt))$\(Base64.encodeWithoutPadding(hash))"
    }
}

internal import Catalog
internal import Primitives
internal import Synchronization

/// Whom the credentials seen lately belong to; only trusted while changes to keys and people are being heard.
///
/// Memory is bounded in entries, those that name nobody apart from those that do, so a million made-up keys
/// push out neither each other's bound nor the real ones. An entry is never older than `recheckMilliseconds`,
/// whatever the listener says of itself; and it holds facts only, which are judged anew on every request.
public final class PrincipalCache: Sendable {
    /// What the cache knows of a credential.
    enum Answer {
        case known(CredentialFacts?)
        /// Ask the database, and hand the ticket back with what it said.
        case unknown(Ticket)
    }

    /// A look that was begun at some moment: what has been changed since may not have been seen by it.
    struct Ticket {
        fileprivate let epoch: UInt64
    }

    private struct Entry {
        let facts: CredentialFacts?
        let tenant: TenantID
        let dialect: String
        let recordedAt: Instant
    }

    private struct State {
        var known: BoundedMap<Name, Entry>
        var nobody: BoundedMap<Name, Entry>
        /// Credentials that were good when they were last looked up. Not forgotten with the rest: it says nothing of
        /// what they are worth now, only that looking is no stranger's doing.
        var regulars: BoundedMap<Name, Void>
        var isTrusted = false
        var epoch: UInt64 = 0
    }

    /// An entry's name: a credential is good only in the way in which it was shown. A key that opened the door as a
    /// key is no session's token, whatever the same text digests to.
    private struct Name: Hashable {
        let digest: CredentialDigest
        let kind: CredentialKind
    }

    private let state: Mutex<State>
    private let recheckMilliseconds: Int64
    private let recheckNobodyMilliseconds: Int64

    public init(
        limit: Int = 65_536, nobodyLimit: Int = 16_384, recheckMilliseconds: Int64 = 30_000,
        recheckNobodyMilliseconds: Int64 = 5_000
    ) {
        state = Mutex(
            State(
                known: BoundedMap(limit: limit), nobody: BoundedMap(limit: nobodyLimit),
                regulars: BoundedMap(limit: limit)))
        self.recheckMilliseconds = recheckMilliseconds
        self.recheckNobodyMilliseconds = recheckNobodyMilliseconds
    }

    /// How many credentials are remembered.
    public var count: Int { state.withLock { $0.known.count + $0.nobody.count } }
    /// Whether changes are being heard, so that what is remembered may be used.
    public var isTrusted: Bool { state.withLock { $0.isTrusted } }

    func find(
        _ digest: CredentialDigest, as kind: CredentialKind, _ tenant: TenantID, _ dialect: DialectName,
        at now: Instant
    ) -> Answer {
        let name = Name(digest: digest, kind: kind)
        return state.withLock { state in
            guard state.isTrusted else { return .unknown(Ticket(epoch: state.epoch)) }
            if let entry = state.known.use(name) {
                if isUsable(entry, tenant, dialect, now, recheckMilliseconds) { return .known(entry.facts) }
            } else if let entry = state.nobody.use(name),
                isUsable(entry, tenant, dialect, now, recheckNobodyMilliseconds)
            {
                return .known(entry.facts)
            }
            return .unknown(Ticket(epoch: state.epoch))
        }
    }

    /// Remembers what the database said, unless something has changed since the ticket was given.
    func remember(
        _ facts: CredentialFacts?, for digest: CredentialDigest, as kind: CredentialKind,
        _ tenant: TenantID, _ dialect: DialectName, _ ticket: Ticket, at now: Instant
    ) {
        let name = Name(digest: digest, kind: kind)
        let entry = Entry(facts: facts, tenant: tenant, dialect: dialect.rawValue, recordedAt: now)
        let isServed = facts?.isServed ?? false
        state.withLock { state in
            if isServed { state.regulars.insert((), name) } else { state.regulars.remove(name) }
            guard state.isTrusted, state.epoch == ticket.epoch else { return }
            // What was known before must not come back when a clock that jumped back makes it look young.
            if isServed {
                state.known.insert(entry, name)
                state.nobody.remove(name)
            } else {
                state.nobody.insert(entry, name)
                state.known.remove(name)
            }
        }
    }

    /// Whether the credential was good when it was last looked up.
    func isRegular(_ digest: CredentialDigest, as kind: CredentialKind) -> Bool {
        state.withLock { $0.regulars.use(Name(digest: digest, kind: kind)) != nil }
    }

    /// One credential was made, changed or revoked.
    public func forget(_ digest: CredentialDigest) {
        state.withLock { state in
            state.epoch += 1
            for kind in CredentialKind.allCases {
                state.known.remove(Name(digest: digest, kind: kind))
                state.nobody.remove(Name(digest: digest, kind: kind))
            }
        }
    }

    /// Something changed, and nobody said what.
    public func forgetAll() { setTrusted(nil) }

    /// From now on changes are heard, or no longer are; either way what is remembered may be out of date.
    public func setTrusted(_ isTrusted: Bool?) {
        state.withLock { state in
            state.epoch += 1
            state.known.removeAll()
            state.nobody.removeAll()
            if let isTrusted { state.isTrusted = isTrusted }
        }
    }

    /// The same key tried at another door is another question. A clock that jumped back makes an entry look
    /// as if it came from the future: ask again.
    private func isUsable(
        _ entry: Entry, _ tenant: TenantID, _ dialect: DialectName, _ now: Instant, _ limit: Int64
    ) -> Bool {
        let age = now.milliseconds(since: entry.recordedAt)
        return entry.tenant == tenant && entry.dialect == dialect.rawValue && age >= 0 && age < limit
    }
}

/// How a credential was shown: as an API key, or as the token of a session.
enum CredentialKind: Hashable, CaseIterable {
    case apiKey, session
}

internal import Primitives

/// What somebody changed, from what to what; who it was and from where is added by whoever knows (`AuditAuthor`).
///
/// Only members that differ are kept. Secrets never are: who makes a note leaves them out or says that they changed.
struct AuditNote: Sendable, Hashable {
    /// The operation's name.
    let action: String
    /// What kind of thing it is: `person`, `key`.
    let object: String
    let objectID: String
    /// `nil`: it was not there.
    let before: JSON?
    /// `nil`: it is there no more.
    let after: JSON?

    init(_ action: String, _ object: String, _ objectID: String, from before: JSON?, to after: JSON?) {
        self.action = action
        self.object = object
        self.objectID = objectID
        guard let old = before?.objectValue, let new = after?.objectValue else {
            (self.before, self.after) = (before, after)
            return
        }
        self.before = .object(Self.members(of: old, unlike: new))
        self.after = .object(Self.members(of: new, unlike: old))
    }

    /// Something that is not a change of a value which may be shown.
    init(_ action: String, _ object: String, _ objectID: String, saying word: String) {
        self.init(action, object, objectID, from: nil, to: [word: true])
    }

    private static func members(of one: JSONObject, unlike other: JSONObject) -> JSONObject {
        var kept = JSONObject()
        for member in one.members where other[member.key] != member.value { kept[member.key] = member.value }
        return kept
    }
}

/// Who changed something, and where they were.
struct AuditAuthor: Sendable, Hashable {
    enum Who: Sendable, Hashable {
        case staff(StaffActor)
        /// Somebody at a shell of the installation.
        case shell(String)
    }

    let who: Who
    let address: String
    let requestID: String

    static func atShell(_ name: String) -> AuditAuthor {
        AuditAuthor(who: .shell(name), address: "", requestID: "")
    }
}

/// One record of the log.
struct AuditRecord: Sendable, Hashable {
    let id: CommandID
    let recordedAt: Instant
    /// `person`, `key` or `operator`.
    let actorKind: String
    let actorID: PrincipalID?
    let actorName: String
    /// Whether it was somebody of the platform.
    let isOfPlatform: Bool
    let address: String
    let requestID: String
    let action: String
    let object: String
    let objectID: String
    let before: JSON?
    let after: JSON?
}

/// Which records are asked for.
struct AuditFilter: Sendable, Hashable {
    var actor: PrincipalID?
    var action: String?
    var object: String?
    var objectID: String?
    /// From this moment on …
    var since: Instant?
    /// … and before that one.
    var until: Instant?
    /// Where the page begins: before this one, for the newest come first.
    var before: CommandID?
}

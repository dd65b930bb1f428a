internal import Primitives

/// Reads a tenant's customers, their keys and their people.
struct CustomerParser {
    let vocabulary: CatalogueVocabulary
    let currency: Currency
    /// Whether there are test keys.
    let hasSandbox: Bool

    func customer(_ value: ValueReader) throws(DocumentError) -> CustomerDocument {
        let keys = try value.mapping(
            "a customer",
            keys: ["email", "username", "group", "balance", "credit_limit", "keys", "users", "active"])
        return CustomerDocument(
            mark: keys.mark, email: try keys.required("email").name(.email).lowercased(),
            username: try keys.required("username").name(.username),
            balance: try keys.amount("balance", currency),
            creditLimit: try keys.limit(currency), group: try group(keys), keys: try keys.list("keys", key),
            listsKeys: keys.optional("keys") != nil, users: try keys.list("users", user),
            listsUsers: keys.optional("users") != nil, isActive: try keys.isActive()
        )
    }

    private func group(_ keys: MappingReader) throws(DocumentError) -> GroupChoice {
        guard let value = keys.optional("group") else { return .unsaid }
        return value.isNull ? .none : .named(try value.reference(.code))
    }

    private func key(_ value: ValueReader) throws(DocumentError) -> KeyDocument {
        let keys = try value.mapping(
            "a key",
            keys: [
                "dialect", "key", "test", "trials", "scopes", "rate_limit", "expires_at", "allow", "active",
            ])
        let spoken = try keys.required("dialect")
        let dialect = try vocabulary.dialect(spoken)
        guard let prefix = dialect.keyPrefix else {
            throw spoken.problem("\(dialect.name) has no API keys; its people sign in")
        }
        let key = try keys.nullable("key") { value throws(DocumentError) in
            try secret(value, dialect, prefix)
        }
        return KeyDocument(
            mark: keys.mark, dialect: dialect.name, key: key?.text,
            environment: try environment(keys, key?.environment),
            mayTakeTrials: try keys.flag("trials", default: false),
            scopes: try keys.list("scopes") { value throws(DocumentError) in try value.name(.word) },
            rateLimit: try keys.nullable("rate_limit", rateLimit),
            expiresAt: try keys.nullable("expires_at") { value throws(DocumentError) in try value.instant() },
            allowedSources: try keys.nullable("allow") { value throws(DocumentError) in try value.allowList()
            },
            isActive: try keys.isActive()
        )
    }

    /// The message never repeats the key: it ends up in terminals and logs.
    private func secret(
        _ value: ValueReader, _ dialect: CatalogueVocabulary.Dialect, _ prefix: String
    ) throws(DocumentError) -> (text: Located<String>, environment: KeyEnvironment) {
        let text = try value.text()
        guard let environment = dialect.environment(text) else {
            throw value.problem(
                "is no key of \(dialect.name), which begin with \"\(prefix)\"; "
                    + "leave it out to have one made")
        }
        return (Located(text, at: value.mark), environment)
    }

    /// A key that is given says by its form what it is for; one that is to be made is live unless the file says `test`.
    private func environment(
        _ keys: MappingReader, _ given: KeyEnvironment?
    ) throws(DocumentError) -> KeyEnvironment {
        let spoken: KeyEnvironment? = try keys.optional("test") { value throws(DocumentError) in
            let said: KeyEnvironment = try value.flag() ? .test : .live
            guard given == nil || given == said else {
                throw value.problem("the key is a \(given == .test ? "test" : "live") key by its form")
            }
            return said
        }
        let environment = given ?? spoken ?? .live
        guard environment == .live || hasSandbox else {
            throw keys.mark.problem("a test key needs a sandbox; say `sandbox: true` of the tenant")
        }
        return environment
    }

    private func rateLimit(_ value: ValueReader) throws(DocumentError) -> String {
        let text = try value.text()
        guard vocabulary.acceptsRateLimit(text) else {
            throw value.problem("\"\(text)\" is no rate: requests in a time, like 120/1m, or off")
        }
        return text
    }

    private func user(_ value: ValueReader) throws(DocumentError) -> UserDocument {
        let keys = try value.mapping("a user", keys: ["username", "email", "password", "role", "active"])
        return UserDocument(
            mark: keys.mark, username: try keys.required("username").name(.username),
            email: try keys.required("email").name(.email).lowercased(),
            password: try keys.required("password").text(),
            role: try keys.required("role").word(of: vocabulary.roles), isActive: try keys.isActive()
        )
    }
}

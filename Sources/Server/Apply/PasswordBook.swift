internal import Catalog
internal import Postgres
internal import Primitives

/// The hash that each person of a file must have, made before the transaction: hashing is slow on purpose,
/// and nobody should wait for it with rows locked.
struct PasswordBook: Sendable {
    private struct Name: Hashable {
        let tenant: String
        let username: String
    }

    private struct Entry {
        /// The hash that was stored when the password was compared with it.
        let basis: String?
        let hash: String
    }

    private var entries: [Name: Entry] = [:]

    /// Compares each password with the hash that is stored, and hashes those that are new.
    static func prepare(
        _ document: CatalogueDocument, pool: PostgresPool, hasher: any SecretHasher
    ) async throws -> PasswordBook {
        var book = PasswordBook()
        let listed = document.tenants.flatMap { tenant in
            tenant.customers.flatMap(\.users).map {
                (Name(tenant: tenant.slug, username: $0.username), $0.password)
            }
        }
        guard !listed.isEmpty else { return book }
        let stored = try await pool.run { connection in
            try CustomerReads.passwordHashes(
                connection.query(
                    CustomerReads.passwordHashes(
                        slugs: document.tenants.map(\.slug), usernames: listed.map(\.0.username))))
        }
        let known = Dictionary(
            uniqueKeysWithValues: stored.map { (Name(tenant: $0.slug, username: $0.username), $0.hash) })
        for (name, password) in listed {
            let basis = known[name]
            if let basis, try await hasher.verify(password, basis) {
                book.entries[name] = Entry(basis: basis, hash: basis)
            } else {
                book.entries[name] = Entry(basis: basis, hash: try await hasher.hash(password))
            }
        }
        return book
    }

    /// The hash that a person must have: the one that is there as long as it is of this password, because
    /// salted anew it would differ every time.
    ///
    /// - Throws: `PasswordMoved` where another hash is stored than the one that was compared.
    func hash(of username: String, in tenant: String, stored: String?) throws -> String {
        guard let entry = entries[Name(tenant: tenant, username: username)] else {
            preconditionFailure("a person of the file has no hash")
        }
        guard entry.basis == stored else { throw PasswordMoved() }
        return entry.hash
    }
}

/// Somebody changed a password since it was compared: look again.
struct PasswordMoved: Error {}

internal import Catalog
internal import Primitives

/// Who answers at which host and path: the tenants of one moment and the dialects that this process serves.
///
/// A host that is a tenant's belongs to its dialect as a whole. On every other host `/t/{tenant}/{dialect}`
/// is a mount, `/admin` is the admin API's, and what is neither is the platform's own. Names match letter by letter: nothing is decoded,
/// no `.` or `//` is walked, so no spelling of a path leads to another tenant than the one it begins with.
struct MountTable: Sendable {
    /// Where a request leads.
    enum Place: Sendable, Hashable {
        /// A dialect of a tenant, and the path below the mount.
        case dialect(Mount, path: String)
        /// The platform's own pages: health, metrics.
        case platform(path: String)
        /// `/t/…` that names no tenant, or a dialect that nobody serves.
        case nowhere
    }

    let directory: TenantDirectory
    /// The dialects that are served, the account API among them.
    let isServed: @Sendable (DialectName) -> Bool

    func place(_ target: RequestTarget) -> Place {
        if let host = directory.hostsByName[target.host] {
            guard isServed(host.dialect) else { return .nowhere }
            return .dialect(mount(host.tenant, host.dialect, ""), path: target.path)
        }
        let bytes = target.path.utf8
        guard bytes.starts(with: "/t/".utf8) else { return platformPlace(target.path) }
        let slash = UInt8(ascii: "/")
        let slugStart = bytes.index(bytes.startIndex, offsetBy: 3)
        guard let slugEnd = bytes[slugStart...].firstIndex(of: slash) else { return .nowhere }
        let nameStart = bytes.index(after: slugEnd)
        let nameEnd = bytes[nameStart...].firstIndex(of: slash) ?? bytes.endIndex
        let dialect = DialectName(rawValue: String(target.path[nameStart..<nameEnd]))
        guard let tenant = directory.tenantsBySlug[String(target.path[slugStart..<slugEnd])],
            dialect != AdminAPI.name, isServed(dialect)
        else {
            return .nowhere
        }
        return .dialect(
            mount(tenant.id, dialect, String(target.path[..<nameEnd])), path: String(target.path[nameEnd...]))
    }

    /// The admin API is the platform's and stands below `/admin/`; no tenant has it.
    private func platformPlace(_ path: String) -> Place {
        guard path.utf8.starts(with: "\(AdminAPI.prefix)/".utf8), isServed(AdminAPI.name) else {
            return .platform(path: path)
        }
        let rest = path.utf8.dropFirst(AdminAPI.prefix.utf8.count)
        return .dialect(mount(.platform, AdminAPI.name, AdminAPI.prefix), path: String(Substring(rest)))
    }

    private func mount(_ tenant: TenantID, _ dialect: DialectName, _ prefix: String) -> Mount {
        Mount(
            tenant: tenant, dialect: dialect, prefix: prefix,
            isSandbox: directory.sandboxes.contains(tenant))
    }
}

internal import HTTPTypes
internal import Primitives

/// A request before anybody knows whose it is.
struct Arrival: Sendable {
    let method: HTTPRequest.Method
    let headers: HTTPFields
    let target: RequestTarget
    let receivedAt: Instant
    let id: String
    let remoteAddress: String
}

/// What log and metrics say of a request: names out of our own tables only.
struct Trace: Sendable, Hashable {
    var tenant: TenantID?
    var dialect = "platform"
    var route = "unknown"
    var path = "…"
    /// Whose request it was, where anybody found out.
    var caller: CallerNote.Entry?
    /// What the caller's own log shows as the path.
    var asked = ""
}

extension FrontDoor {
    /// The answer, whoever gives it, and what to remember of it.
    ///
    /// - Parameter readBody: is told how long the body may be, where that is not as long as everybody's.
    func answer(
        _ arrival: Arrival, _ readBody: (Int?) async throws -> BodyReading
    ) async throws -> (DialectResponse, Trace) {
        // Two Host headers may mean two tenants: RFC 9112 §3.2 wants 400.
        guard !arrival.headers.contains(.secondHost) else {
            return (NeutralProblem.badRequest.response, Trace())
        }
        let directory: TenantDirectory
        do {
            directory = try await catalogue.tenants()
        } catch {
            return await withoutDirectory(arrival, error)
        }
        let mounts = MountTable(directory: directory) { dialects[$0] != nil }
        switch mounts.place(arrival.target) {
        case .nowhere: return (NeutralProblem.notFound.response, Trace())
        case .platform(let path): return await platform.answer(arrival.method, path)
        case .dialect(let mount, let path):
            guard let dialect = dialects[mount.dialect] else {
                return (NeutralProblem.notFound.response, Trace())
            }
            return try await answer(arrival, dialect, mount, path, directory, readBody)
        }
    }

    private func answer(
        _ arrival: Arrival, _ dialect: any Dialect, _ mount: Mount, _ path: String,
        _ directory: TenantDirectory, _ readBody: (Int?) async throws -> BodyReading
    ) async throws -> (DialectResponse, Trace) {
        var trace = Trace(
            tenant: mount.tenant == .platform ? nil : mount.tenant, dialect: mount.dialect.rawValue)
        // Before any answer, so that an early one leaves nothing unread on a connection that is kept.
        let body = try await readBody(dialect.bodyMax(arrival.method, path))
        var request = DialectRequest(
            method: arrival.method, path: path, query: arrival.target.query, headers: arrival.headers,
            body: [],
            mount: mount, receivedAt: arrival.receivedAt, id: arrival.id, remoteAddress: arrival.remoteAddress
        )
        // The address is the live tenant's, and from here on everything is the sandbox's.
        if let sandbox = directory.sandboxesByLive[mount.tenant], dialect.isForSandbox(request, sandbox) {
            request.mount.tenant = sandbox
            request.mount.isSandbox = true
            trace.tenant = sandbox
        }
        request.clockAhead = directory.clocks.ahead(of: request.mount.tenant)
        switch dialect.routes.match(arrival.method, path) {
        case .unknown:
            if let reference = reference(request, dialect, directory, &trace) { return (reference, trace) }
            trace.path = mount.prefix + dialect.routes.masked(path)
            return (dialect.problem(.pathUnknown, for: request), trace)
        case .methodNotAllowed(let allowed):
            trace.path = mount.prefix + dialect.routes.masked(path)
            trace.route = "method_not_allowed"
            let response = await dialect.answer(request, allowing: allowed)
            trace.caller = request.note.entry
            if trace.caller != nil { trace.asked = dialect.routes.masked(path) }
            return (response, trace)
        case .found(let match):
            trace.path = mount.prefix + match.pattern
            trace.route = match.name
            switch body {
            case .tooLarge: return (dialect.problem(.bodyTooLarge, for: request), trace)
            case .tooSlow: return (dialect.problem(.bodyTooSlow, for: request), trace)
            case .malformed: return (dialect.problem(.bodyMalformed, for: request), trace)
            case .noRoom:
                return (dialect.problem(.unavailable(retryAfterSeconds: 1), for: request), trace)
            case .whole(let bytes):
                request.body = bytes
                let response = await dialect.answer(request, at: match)
                trace.caller = request.note.entry
                if trace.caller != nil { trace.asked = LoggedPath.of(path, match.pattern) }
                return (response, trace)
            }
        }
    }

    /// A page of the dialect's reference, for paths that its vendor does not have.
    private func reference(
        _ request: DialectRequest, _ dialect: any Dialect, _ directory: TenantDirectory, _ trace: inout Trace
    ) -> DialectResponse? {
        guard let document = dialect.documentPath, let owner = directory.name(of: request.mount.tenant) else {
            return nil
        }
        switch ReferencePages.routes.match(request.method, request.path) {
        case .unknown: return nil
        case .methodNotAllowed(let allowed):
            trace.path = request.mount.prefix + request.path
            trace.route = "method_not_allowed"
            return dialect.problem(.methodNotAllowed(allowed: allowed), for: request)
        case .found(let match):
            trace.path = request.mount.prefix + match.pattern
            trace.route = "docs"
            return ReferencePages(tenant: owner, documentPath: document).answer(request, at: match)
        }
    }

    /// Nobody can say whose door this is before tenants were read once; the platform's own pages work all the
    /// same.
    private func withoutDirectory(_ arrival: Arrival, _ error: any Error) async -> (DialectResponse, Trace) {
        let mounts = MountTable(directory: TenantDirectory(tenants: [], hosts: [])) { _ in false }
        if case .platform(let path) = mounts.place(arrival.target), PlatformPages.owns(path) {
            return await platform.answer(arrival.method, path)
        }
        logger.error(
            "tenants could not be read", metadata: ["reason": "\(error)", "request_id": "\(arrival.id)"])
        return (NeutralProblem.response(to: .unavailable(retryAfterSeconds: 1)), Trace())
    }
}

extension TenantDirectory {
    /// What is at the head of a page of theirs.
    fileprivate func name(of owner: TenantID) -> String? {
        owner == .platform ? "Tollgate" : tenants.first { $0.id == owner }?.name
    }
}

extension HTTPField.Name {
    /// The first Host header is the request's authority; a field of this name is another one.
    fileprivate static let secondHost = HTTPField.Name("Host")!
}

internal import HTTPTypes
internal import Primitives

extension OPProxy {
    func list(_ context: Context) async throws -> DialectResponse {
        let query = context.query
        let type = try query.type()
        let status: ServiceStatus = try query.word("status", default: .active)
        let limit = try query.limit(default: 50, max: 100)
        let cursor = try query.cursor(.invalidCursor)
        let principal = context.principal
        let found = try await holdings.services(
            ServiceQuery(
                status: status, product: type?.rawValue, before: cursor.map(SubscriptionID.init(bits:)),
                limit: limit),
            of: principal.customer, of: principal.tenant, in: name, at: context.now)
        // Not one of this caller's services: nobody is told whose it is (contract O10).
        guard let page = found else { throw Problem.unknownCursor }
        return .opproxy(
            .services(
                page.items.map { Wire.Service($0, at: context.now) }, next: page.next?.bits.hexString))
    }

    func service(_ context: Context) async throws -> DialectResponse {
        let service = try await existing(try context.serviceID(), context)
        return .opproxy(.service(Wire.Service(service, at: context.now)))
    }

    func proxies(_ context: Context) async throws -> DialectResponse {
        let id = try context.serviceID()
        let query = context.query
        let format: ProxyList.Format = try query.word("format", default: .txt)
        let layout: ProxyList.Layout = try query.word("layout", default: .hostFirst)
        let showsAuth = try query.flag("auth", default: true)
        let country = try query.country()
        let service = try await existing(id, context)
        let list = ProxyList(
            serviceID: id.bits.hexString, type: service.product, country: Wire.Purchased(service).country,
            servers: try Gateways(service).servers(in: country),
            auth: showsAuth ? service.login.map(Wire.Auth.init) : nil, layout: layout)
        switch format {
        case .json: return .opproxy(.proxies(list))
        case .txt:
            return DialectResponse(
                status: .ok, headers: [.contentType: Self.textType], body: list.text)
        }
    }

    /// The caller's service, as long as its row is there.
    func existing(_ id: SubscriptionID, _ context: Context) async throws -> HeldService {
        let principal = context.principal
        let found = try await holdings.service(
            id, of: principal.customer, of: principal.tenant, in: name)
        guard let service = found else { throw Problem.notFound }
        return service
    }

    /// The gateways of a service, and which of them a list shows.
    struct Gateways {
        let servers: [Wire.ProxyServer]
        /// Where the service goes out.
        let exit: String

        init(_ service: HeldService) {
            servers = service.lines.map(Wire.ProxyServer.init)
            exit = Wire.Purchased(service).country
        }

        init(_ servers: [Wire.ProxyServer], exit: String) {
            self.servers = servers
            self.exit = exit
        }

        /// Asked for a country: its gateway. Asked for none: the gateway in the country of the exit, or all of them
        /// where the exit is `mixed` or in a country without a gateway (contract §2, O2).
        func servers(in country: String?) throws(Problem) -> [Wire.ProxyServer] {
            guard let country else {
                let own = servers.filter { $0.country == exit }
                return own.isEmpty ? servers : own
            }
            let chosen = servers.filter { $0.country == country }
            guard !chosen.isEmpty else { throw .countryUnavailable }
            return chosen
        }
    }
}

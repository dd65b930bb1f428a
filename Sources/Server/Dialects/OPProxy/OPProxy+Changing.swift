internal import Catalog
internal import HTTPTypes
internal import Primitives
internal import Provisioning

// What customers change without money moving. The service is looked up first: whose it is, and whether its type can do
// it, comes before the body (contract O3).

extension OPProxy {
    func replaceWhitelist(_ context: Context) async throws -> DialectResponse {
        let service = try await existing(try context.serviceID(), context)
        let fields = try Fields(context.request)
        let sources = try fields.whitelist()
        let claim = try context.claim(fields.body)
        return try await changing { [changes] () throws(ConnectionChangeError) in
            try await changes.replaceAllowList(
                with: sources, limit: Whitelist.entriesMax, subject(service, context), claim: claim,
                render: rendering(context))
        }
    }

    /// Both are made new; the former ones are refused from now on (vendor, `POST /services/{id}/credentials`).
    func regenerateCredentials(_ context: Context) async throws -> DialectResponse {
        let service = try await existing(try context.serviceID(), context)
        let claim = try context.claim()
        let id = service.id.bits.hexString
        return try await changing { [changes] () throws(ConnectionChangeError) in
            try await changes.changeCredentials(
                renewing: .login, subject(service, context), claim: claim
            ) { changed in
                Answer.credentials(
                    serviceID: id, Wire.Auth(login: changed.username, password: changed.secret.password)
                ).body
            }
        }
    }

    func setCountry(_ context: Context) async throws -> DialectResponse {
        let service = try await existingIPv6(context)
        let fields = try Fields(context.request)
        // A word of the right form that is no country of the catalogue's form is no offer either.
        guard let country = ExitCountry(rawValue: try fields.country()) else {
            throw Problem.countryUnavailable
        }
        let claim = try context.claim(fields.body)
        return try await changing { [changes] () throws(ConnectionChangeError) in
            try await changes.setExit(
                country: country, subject(service, context), claim: claim, render: rendering(context))
        }
    }

    func setRotation(_ context: Context) async throws -> DialectResponse {
        let service = try await existingIPv6(context)
        let fields = try Fields(context.request)
        guard let rotation = ExitRotation(rawValue: try fields.rotation()) else {
            throw Problem.rotationNotOffered
        }
        let claim = try context.claim(fields.body)
        return try await changing { [changes] () throws(ConnectionChangeError) in
            try await changes.setExit(
                rotation: rotation, subject(service, context), claim: claim, render: rendering(context))
        }
    }

    /// IPv4 always goes through one gateway, and rotates by design (vendor, `PUT /services/{id}/country`).
    private func existingIPv6(_ context: Context) async throws -> HeldService {
        let service = try await existing(try context.serviceID(), context)
        guard service.product == ServiceType.ipv6.rawValue else { throw Problem.unsupportedForType }
        return service
    }

    private func subject(_ service: HeldService, _ context: Context) -> ConnectionChanges.Subject {
        ConnectionChanges.Subject(service.id, of: context.principal)
    }

    private func rendering(_ context: Context) -> @Sendable (HeldService) -> [UInt8] {
        { Answer.service(Wire.Service($0, at: context.now)).body }
    }

    private func changing(
        _ change: () async throws(ConnectionChangeError) -> IdempotentConnectionChange.Answer
    ) async throws -> DialectResponse {
        do throws(ConnectionChangeError) {
            return .opproxy(try await change())
        } catch {
            if case .unavailable(let fault) = error { throw fault }
            throw Problem(error)
        }
    }
}

extension OPProxy.Problem {
    init(_ refusal: ConnectionRefusal) {
        switch refusal {
        case .noLiveConnection: self = .serviceOver
        case .tooManySources: self = .tooManyIPs
        case .exitNotChangeable: self = .unsupportedForType
        case .exitCountryNotOffered: self = .countryUnavailable
        case .exitRotationNotOffered: self = .rotationNotOffered
        // No operation of this dialect moves a service to another network or asks for a rotation.
        case .rotationNotAvailable, .rotationNotAllowed, .tooSoon, .unknownNetwork, .sameNetwork,
            .networkInactive, .networkOfAnotherType, .severalSlots, .soldOut:
            self = .serverError
        }
    }
}

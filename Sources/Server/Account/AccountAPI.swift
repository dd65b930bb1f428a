public import Catalog
public import Logging

/// What every tenant's customers can do in the platform's own words: sign in. Served at
/// `/t/{tenant}/account`.
public struct AccountAPI: Dialect {
    public let name = Sessions.account
    public let routes = RouteTable([Route(.post, "/v1/sessions", "sessions.create")])

    let signIn: SignIn
    let logger: Logger

    public init(signIn: SignIn, logger: Logger) {
        self.signIn = signIn
        self.logger = logger
    }

    public func answer(_ request: DialectRequest, at route: RouteMatch) async -> DialectResponse {
        do {
            return try await createSession(request)
        } catch let problem as NeutralProblemError {
            return problem.response
        } catch {
            logger.error(
                "signing in failed", metadata: ["reason": "\(error)", "request_id": "\(request.id)"])
            return NeutralProblem.response(to: .fault)
        }
    }

    public func problem(_ problem: DoorProblem, for request: DialectRequest) -> DialectResponse {
        NeutralProblem.response(to: problem)
    }
}

public import Catalog
internal import Logging
internal import Primitives

/// What every tenant's customers can do in the platform's own words: sign in, and keep their account. Served at
/// `/t/{tenant}/account`.
///
/// Order of refusals: path, method, size; session 401, rate 429, role 403; the body's fields 400; password and code 401;
/// what is named 404; state 409.
public struct AccountAPI: Dialect {
    public let name = Sessions.account
    public let routes = RouteTable(Endpoint.allCases.map(\.route))
    public let documentPath: String? = Endpoint.getDocument.place.path

    let admission: Admission
    let signIn: SignIn
    let people: PeopleDesk
    let keys: KeyDesk
    let books: AccountBooks
    let subscriptions: AccountSubscriptions
    let previews: OrderPreviews
    let topUps: AccountTopUps
    let catalogues: CatalogueCache
    let prices: CustomerPrices
    let settings: Settings
    let logger: Logger

    /// What an operator may set.
    struct Settings: Sendable {
        /// For one person, whatever they ask.
        var rateLimit = RateLimit.sliding(limit: 120, window: 60_000)
        /// Of these, previews: each asks the engine, and guesses at coupons are made with them.
        var previews = RateLimit.sliding(limit: 30, window: 60_000)
    }

    init(_ parts: AccountParts, settings: Settings = Settings(), logger: Logger) {
        admission = parts.admission
        signIn = parts.signIn
        people = parts.people
        keys = parts.keys
        books = parts.books
        subscriptions = parts.subscriptions
        previews = parts.previews
        topUps = parts.topUps
        catalogues = parts.catalogues
        prices = parts.prices
        self.settings = settings
        self.logger = logger
    }
}

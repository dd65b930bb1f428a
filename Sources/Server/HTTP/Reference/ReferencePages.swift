internal import HTTPTypes

/// The reference of a dialect, for people: its OpenAPI document in Swagger UI, below its mount at `/docs`.
///
/// Every dialect that publishes a document has it; a vendor's own path of this name goes before it. All of it comes from
/// this process, and the page's policy lets a browser ask nobody else.
struct ReferencePages: Sendable {
    /// What the tenant is called.
    let tenant: String
    /// Where the dialect's document is, below its mount.
    let documentPath: String

    private static let page = "docs"
    private static let slash = "docs.slash"

    static let routes = RouteTable(
        [("/docs", page), ("/docs/", slash)].flatMap(Self.route)
            + ReferenceFile.all.flatMap { Self.route("/docs/\($0.name)", "docs.\($0.name)") })

    private static func route(_ path: String, _ name: String) -> [Route] {
        [Route(.get, path, name), Route(.head, path, name)]
    }

    func answer(_ request: DialectRequest, at route: RouteMatch) -> DialectResponse {
        switch route.name {
        case Self.page: return page(request)
        // The page's links begin at its folder, which a slash would move.
        case Self.slash: return DialectResponse(status: .permanentRedirect, headers: [.location: "../docs"])
        default:
            guard let file = ReferenceFile.all.first(where: { "docs.\($0.name)" == route.name }) else {
                preconditionFailure("a route of another table")
            }
            return file.answer(request)
        }
    }

    private func page(_ request: DialectRequest) -> DialectResponse {
        let name = request.mount.dialect.rawValue
        let document = Self.escaped(String(documentPath.drop { $0 == "/" }))
        let text = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escaped(tenant)): \(Self.escaped(name)) API</title>
            <link rel="icon" type="image/png" href="\(ReferenceFile.icon.link)">
            <link rel="stylesheet" href="\(ReferenceFile.style.link)">
            </head>
            <body data-document="\(document)">
            <div id="swagger-ui"></div>
            <noscript>This page needs JavaScript; the document that it shows is <a href="\(document)">here</a>.</noscript>
            <script src="\(ReferenceFile.script.link)"></script>
            <script src="\(ReferenceFile.start.link)"></script>
            </body>
            </html>

            """
        return DialectResponse(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-cache",
                .contentSecurityPolicy: Self.policy,
                .xContentTypeOptions: "nosniff", .referrerPolicy: "no-referrer",
            ], body: Array(text.utf8))
    }

    /// Swagger UI carries its drawings in the page as `data:`.
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
        "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
    }
}

extension HTTPField.Name {
    fileprivate static let referrerPolicy = Self("Referrer-Policy")!
}

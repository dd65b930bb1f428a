internal import CSwaggerUI
internal import Crypto
internal import HTTPTypes

/// One file of a dialect's reference, as it is served: whole, compressed where that pays off, named by its content.
struct ReferenceFile: Sendable {
    let name: String
    let type: String
    let bytes: [UInt8]
    let gzipped: [UInt8]?
    /// The beginning of its digest: a changed file is another one.
    let version: String

    init(_ name: String, _ type: String, _ bytes: [UInt8], gzipped: [UInt8]? = nil) {
        self.name = name
        self.type = type
        self.bytes = bytes
        self.gzipped = gzipped
        version = Hex.encode(SHA256.hash(data: bytes).prefix(8))
    }

    /// What a page that stands at `/docs` refers to it by, whatever its mount.
    var link: String { "docs/\(name)?v=\(version)" }

    /// The file, or 304 for whoever has it. Asked for by its version it never changes; else it may.
    func answer(_ request: DialectRequest) -> DialectResponse {
        let isGzipped = gzipped != nil && AcceptedEncoding.takesGzip(request.headers)
        let tag = "\"\(version)\(isGzipped ? "-gzip" : "")\""
        var headers: HTTPFields = [
            .eTag: tag,
            .cacheControl: request.query == "v=\(version)"
                ? "public, max-age=31536000, immutable" : "public, no-cache",
            .xContentTypeOptions: "nosniff",
        ]
        if gzipped != nil { headers[.vary] = "Accept-Encoding" }
        if EntityTag.isListed(tag, in: request.headers) {
            return DialectResponse(status: .notModified, headers: headers)
        }
        headers[.contentType] = type
        guard isGzipped, let gzipped else {
            return DialectResponse(status: .ok, headers: headers, body: bytes)
        }
        headers[.contentEncoding] = "gzip"
        return DialectResponse(status: .ok, headers: headers, body: gzipped)
    }
}

extension ReferenceFile {
    static let all = [script, style, start, icon]

    static let script = ReferenceFile(
        "swagger-ui-bundle.js", "text/javascript; charset=utf-8", Array(swagger_ui_bundle_js()),
        gzipped: Array(swagger_ui_bundle_js_gz()))
    static let style = ReferenceFile(
        "swagger-ui.css", "text/css; charset=utf-8", Array(swagger_ui_css()),
        gzipped: Array(swagger_ui_css_gz()))
    static let icon = ReferenceFile("favicon-32x32.png", "image/png", Array(swagger_ui_favicon()))

    /// A file of its own, because the page's policy lets no script run that stands in the page.
    static let start = ReferenceFile(
        "start.js", "text/javascript; charset=utf-8",
        Array(
            """
            "use strict";
            SwaggerUIBundle({
                url: new URL(document.body.dataset.document, document.baseURI).href,
                dom_id: "#swagger-ui",
                deepLinking: true,
                displayOperationId: true,
                displayRequestDuration: true,
                defaultModelsExpandDepth: 0,
                validatorUrl: null,
            });

            """.utf8))
}

extension [UInt8] {
    fileprivate init(_ file: swagger_ui_file) {
        self.init(UnsafeBufferPointer(start: file.bytes, count: file.length))
    }
}

import Catalog
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

extension AdminWorld {
    var office: Office { Office(database: database) }

    /// Asks below a tenant's catalogue.
    func catalogue(
        _ method: HTTPRequest.Method, _ path: String = "", of slug: String = "alba",
        as visitor: AdminVisitor? = nil, _ headers: HTTPFields = [:], body: JSON? = nil
    ) async throws -> AdminReply {
        try await ask(
            method, "/tenants/\(slug)/catalogue\(path)", as: visitor ?? person(.owner), headers, body: body)
    }

    /// What applying the catalogue as it is shown would change: nothing, in either form.
    func expectShownIsWhatIs(_ slug: String, _ comment: Comment? = nil) async throws {
        for accept in ["application/json", "application/yaml"] {
            let reply = try await catalogue(.get, of: slug, [.accept: accept])
            #expect(reply.status == 200, comment)
            #expect(reply.headers[.contentType] == accept)
            let report = try await office.apply(reply.body, dryRun: true)
            #expect(report.lines.isEmpty && report.warnings.isEmpty, "\(slug): \(report.text)")
        }
    }
}

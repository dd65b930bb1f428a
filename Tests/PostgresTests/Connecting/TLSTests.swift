import Foundation
import Postgres
import Testing

/// A server that speaks TLS on a port of 127.0.0.1, under a certificate for `localhost`.
@Suite struct TLSTests {
    private static let server = Task { try await TLSServer() }

    @Test func `a certificate of our authority for the right host is accepted`() async throws {
        let connection = try Connection(try await Self.server.value.configuration())
        let row = try connection.query(
            "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")[0]
        #expect(try row.get("ssl") == true)
        #expect(try row.get("version", as: String.self).hasPrefix("TLSv1."))
        #expect(connection.isAlive)
    }

    @Test func `a certificate of another authority is refused`() async throws {
        let configuration = try await Self.server.value.configuration(authority: "other.crt")
        let error = #expect(throws: PostgresError.self) { try Connection(configuration) }
        #expect(error?.message.contains("certificate verify failed") == true)
    }

    @Test func `a certificate for another host is refused`() async throws {
        let configuration = try await Self.server.value.configuration(host: "elsewhere.example")
        let error = #expect(throws: PostgresError.self) { try Connection(configuration) }
        #expect(error?.message.contains("elsewhere.example") == true)
    }

    @Test func `a large pipeline and a large copy go through`() async throws {
        let connection = try Connection(try await Self.server.value.configuration())
        let text = String(repeating: "x", count: 500_000)
        let results = try connection.pipeline((0..<8).map { _ in "SELECT \(text)" })
        #expect(try results.allSatisfy { try $0[0].get(0, as: String.self) == text })
        #expect(
            try connection.copyOut("COPY (SELECT generate_series(1, 100000)) TO STDOUT") { _ in } == 100_000)
    }
}

private struct TLSServer {
    let server: PrivateServer
    let port: Int

    init() async throws {
        port = try Self.freePort()
        server = try await PrivateServer(
            setup: Self.makeCertificates,
            options: """
                -c listen_addresses=127.0.0.1 -c ssl=on \
                -c ssl_cert_file=../server.crt -c ssl_key_file=../server.key
                """,
            port: port
        )
    }

    func configuration(host: String = "localhost", authority: String = "ca.crt") -> PostgresConfiguration {
        PostgresConfiguration(
            conninfo: """
                host=\(host) hostaddr=127.0.0.1 port=\(port) user=tollgate dbname=postgres \
                sslmode=verify-full sslrootcert=\(server.directory)/\(authority)
                """
        )
    }

    private static let makeCertificates = """
        key="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
        openssl req -x509 $key -keyout ca.key -out ca.crt -days 2 -subj /CN=ours
        openssl req -x509 $key -keyout other.key -out other.crt -days 2 -subj /CN=theirs
        openssl req $key -keyout server.key -out server.csr -subj /CN=localhost
        echo 'subjectAltName=DNS:localhost' >names
        openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \\
            -extfile names -out server.crt
        chmod 600 server.key
        """

    /// A port that was free a moment ago.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw ServerFailure(log: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

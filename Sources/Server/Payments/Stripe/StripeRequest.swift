internal import Foundation
internal import Primitives

/// One call of Stripe's API: fields in the order in which they are sent, as `application/x-www-form-urlencoded`.
struct StripeRequest: Sendable, Hashable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    var method: Method
    /// Below the base URL: `/v1/checkout/sessions`.
    var path: String
    var fields: [Field]
    /// What makes a repetition the same call.
    var idempotencyKey: String?

    struct Field: Sendable, Hashable {
        let name: String
        let value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    static func get(_ path: String, _ fields: [Field] = []) -> StripeRequest {
        StripeRequest(method: .get, path: path, fields: fields, idempotencyKey: nil)
    }

    static func post(_ path: String, _ fields: [Field], key: String) -> StripeRequest {
        StripeRequest(method: .post, path: path, fields: fields, idempotencyKey: key)
    }

    /// `a=1&metadata%5Bb%5D=2`
    var form: String {
        fields.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }.joined(separator: "&")
    }

    /// A part of a path that came from outside.
    static func segment(_ name: String) -> String { escaped(name) }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += String(format: "%%%02X", byte)
            }
        }
        return result
    }
}

/// What came back.
struct StripeAnswer: Sendable, Hashable {
    let status: Int
    let body: [UInt8]
}

/// What carries calls to Stripe.
protocol StripeTransport: Sendable {
    /// - Throws: whatever kept an answer from coming.
    func send(_ request: StripeRequest, to connection: ProviderConnection) async throws -> StripeAnswer
}

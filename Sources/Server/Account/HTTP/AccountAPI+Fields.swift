internal import Catalog
internal import Primitives

extension AccountAPI {
    /// The members of a request's body; members that no field has are ignored.
    struct Fields: Sendable {
        let members: JSONObject

        init(_ request: DialectRequest) throws(Problem) {
            guard JSONBody.isAccepted(request.headers) else { throw Problem(.unsupportedMediaType) }
            let value: JSON
            do throws(JSONError) {
                value = try JSON.parse(request.body)
            } catch {
                throw Problem(.invalidJSON)
            }
            guard let members = value.objectValue else { throw Problem(.invalidBody) }
            self.members = members
        }

        /// What a request asks for, without what proves who asks.
        var withoutSecrets: JSON {
            var rest = members
            for name in ["password", "code"] { rest[name] = nil }
            return .object(rest)
        }

        /// A member that is there and not `null`.
        func member(_ name: String) -> JSON? {
            guard let value = members[name], !value.isNull else { return nil }
            return value
        }

        /// A member that has to be a text where it is there.
        func text(_ name: String, _ problem: Code) throws(Problem) -> String? {
            guard let value = member(name) else { return nil }
            guard let text = value.stringValue else { throw Problem(problem) }
            return text
        }

        func email() throws(Problem) -> String {
            guard let email = try text("email", .invalidEmail), (3...254).contains(email.utf8.count),
                email.contains("@")
            else { throw Problem(.invalidEmail) }
            return email
        }

        func password(
            _ name: String = "password", _ problem: Code = .invalidPassword
        ) throws(Problem) -> String {
            guard let password = try text(name, problem), (1...1_024).contains(password.utf8.count) else {
                throw Problem(problem)
            }
            return password
        }

        func newPassword() throws(Problem) -> String {
            let password = try password("new_password", .invalidNewPassword)
            guard password.utf8.count >= 10 else { throw Problem(.invalidNewPassword) }
            return password
        }

        /// What is shown as second factor; `null` and `""` stand for nothing.
        func code() throws(Problem) -> ShownCode {
            guard let text = try text("code", .invalidCode), !text.isEmpty else { return .nothing }
            return ShownCode(text)
        }

        /// The app's code, and no other.
        func oneTimeCode() throws(Problem) -> OneTimeCode {
            guard let text = try text("code", .invalidCode), let code = OneTimeCode(text) else {
                throw Problem(.invalidCode)
            }
            return code
        }
    }
}

internal import Primitives

extension OPProxy {
    /// The members of a request's body; members that no field has are ignored.
    struct Fields {
        /// The whole of it, for the request's fingerprint.
        let body: JSON
        private let members: JSONObject

        init(_ request: DialectRequest) throws(Problem) {
            guard JSONBody.isAccepted(request.headers) else { throw .unsupportedMediaType }
            let value: JSON
            do throws(JSONError) {
                value = try JSON.parse(request.body)
            } catch {
                throw .invalidJSON
            }
            guard let members = value.objectValue else { throw .bodyNotObject }
            self.init(members: members, of: value)
        }

        init(members: JSONObject, of body: JSON) {
            self.body = body
            self.members = members
        }

        func member(_ name: String) -> JSON? { members[name] }

        /// Missing is `invalid_request`, anything else that is no such word `invalid_type` (contract O6).
        func type() throws(Problem) -> ServiceType {
            guard let value = members["type"] else { throw .missing("type") }
            guard let type = value.stringValue.flatMap(ServiceType.init) else { throw .invalidType }
            return type
        }

        func planID() throws(Problem) -> PlanID {
            guard let value = members["plan_id"] else { throw .missing("plan_id") }
            guard let bits = value.stringValue.flatMap(IdentifierBits.init(hexString:)) else {
                throw .invalidPlanID
            }
            return PlanID(bits: bits)
        }

        /// Lower case; `nil` where it is left out.
        func optionalCountry() throws(Problem) -> String? {
            try members["country"].map { value throws(Problem) in try Self.word(value, .invalidCountry) }
        }

        func optionalRotation() throws(Problem) -> String? {
            try members["rotation"].map { value throws(Problem) in try Self.word(value, .invalidRotation) }
        }

        func country() throws(Problem) -> String {
            guard let country = try optionalCountry() else { throw .missing("country") }
            return country
        }

        func rotation() throws(Problem) -> String {
            guard let rotation = try optionalRotation() else { throw .missing("rotation") }
            return rotation
        }

        private static func word(_ value: JSON, _ problem: Problem) throws(Problem) -> String {
            guard let word = value.stringValue.flatMap(OPProxy.word) else { throw problem }
            return word
        }
    }
}

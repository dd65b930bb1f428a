internal import Primitives

extension AdminAPI.OpenAPI {
    static let customerPeopleSchemas: JSON = [
        "CustomerPerson": object([
            "id": schema("Id"), "customer": schema("Id"), "username": text, "email": text,
            "role": words(SessionRole.self), "active": flag,
            "second_factor": ["type": "boolean", "description": "Whether signing in takes a code."],
            "created_at": schema("Instant"),
        ]),
        "CustomerPersonList": page("CustomerPerson"),
        "NewCustomerPerson": object(
            ["username": text, "email": text, "role": words(SessionRole.self), "password": password],
            optional: ["password"]),
        "MadeCustomerPerson": object([
            "person": schema("CustomerPerson"),
            "password": nullable(text, "The one that was made; `null` where one was given."),
        ]),
        "CustomerPersonChange": object(
            ["email": text, "role": words(SessionRole.self), "active": flag],
            optional: ["email", "role", "active"]),
        "PasswordReset": object(
            ["password": password, "reason": schema("Reason")], optional: ["password"]),
        "SecondFactorReset": object(["reason": schema("Reason")]),
    ]
}

internal import Primitives

extension AdminAPI.OpenAPI {
    static let headers: JSON = [
        "ETag": header("What the thing is as it is shown here; for `If-Match`.", "string")
    ]

    static let parameters = joined(
        commonParameters, booksParameters, pendingOrderParameters, paymentParameters, catalogueParameters)

    private static let commonParameters: JSON = [
        "Tenant": [
            "name": "tenant", "in": "path", "required": true, "description": "The tenant's slug.",
            "schema": schema("Slug"),
        ],
        "Id": ["name": "id", "in": "path", "required": true, "schema": schema("Id")],
        "Key": ["name": "key", "in": "path", "required": true, "schema": schema("Id")],
        "CustomersPerson": ["name": "person", "in": "path", "required": true, "schema": schema("Id")],
        "IfMatch": [
            "name": "If-Match", "in": "header", "required": true,
            "description": "The `ETag` of what is to be changed, or `*` for whatever it is by now.",
            "schema": ["type": "string"],
        ],
        "Limit": query(
            "limit", "How many at most.",
            [
                "type": "integer", "minimum": 1, "maximum": .integer(Int64(AdminQuery.limitMax)),
                "default": .integer(Int64(AdminQuery.limitDefault)),
            ]),
        "Cursor": query("cursor", "The `next_cursor` of the page before.", ["type": "string"]),
        "Actor": query("actor", "Only what this person or key changed.", schema("Id")),
        "Action": query("action", "Only what this operation changed.", ["type": "string"]),
        "Object": query("object", "Only what was changed of this kind of thing.", ["type": "string"]),
        "ObjectId": query("object_id", "Only what was changed of this thing.", ["type": "string"]),
        "Since": query("since", "From this moment on.", schema("Instant")),
        "Until": query("until", "Before this moment.", schema("Instant")),
    ]

    /// All of them; each group of operations adds its own.
    static let schemas = joined(
        commonSchemas, tenantSchemas, sessionSchemas, peopleSchemas, customerSchemas, customerPeopleSchemas,
        orderSchemas,
        pendingOrderSchemas,
        subscriptionSchemas,
        paymentSchemas, operationSchemas, exportSchemas, catalogueSchemas)

    private static let commonSchemas: JSON = [
        "Error": object([
            "error": object(
                [
                    "code": ["enum": .array(Code.allCases.map { .string($0.rawValue) })],
                    "message": ["type": "string"], "field": ["type": "string"],
                    "request_id": ["type": "string"],
                ], optional: ["field"])
        ]),
        "Id": ["type": "string", "format": "uuid"],
        "Instant": ["type": "string", "format": "date-time"],
        "Slug": ["type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"],
        "Role": ["enum": .array(StaffRole.allCases.map { .string($0.rawValue) })],
        "Done": object(["done": ["const": true]]),
        "NextCursor": ["type": ["string", "null"], "description": "`null` on the last page."],
        "TenantList": page("Tenant"),
        "AuditRecord": object([
            "id": schema("Id"), "at": schema("Instant"),
            "actor": object([
                "kind": ["enum": ["person", "key", "operator"]], "id": nullable(schema("Id")),
                "name": ["type": "string"], "platform": ["type": "boolean"],
            ]),
            "address": nullable(["type": "string"]), "request_id": nullable(["type": "string"]),
            "action": ["type": "string"],
            "object": object(["kind": ["type": "string"], "id": ["type": "string"]]),
            "before": nullable(["type": "object"], "What changed, as it was; `null`: it was not there."),
            "after": nullable(["type": "object"], "The same, as it is."),
        ]),
        "AuditList": page("AuditRecord"),
    ]

    static func query(_ name: String, _ description: JSON, _ schema: JSON) -> JSON {
        ["name": .string(name), "in": "query", "description": description, "schema": schema]
    }

    static func page(_ name: String) -> JSON {
        object(["items": ["type": "array", "items": schema(name)], "next_cursor": schema("NextCursor")])
    }

    static func nullable(_ schema: JSON, _ description: String? = nil) -> JSON {
        var either = JSONObject()
        either["oneOf"] = [schema, ["type": "null"]]
        if let description { either["description"] = .string(description) }
        return .object(either)
    }
}

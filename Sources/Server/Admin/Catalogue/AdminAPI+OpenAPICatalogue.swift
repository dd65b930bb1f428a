internal import Catalog
internal import Primitives

extension AdminAPI.OpenAPI {
    static let catalogueTag: JSON = [
        "name": "catalogue",
        "description":
            "What is sold, where and for how much, with the members of the catalogue file (docs/catalogue.md).",
    ]

    static let catalogueParameters: JSON = [
        "Name": ["name": "name", "in": "path", "required": true, "schema": ["type": "string"]],
        "CatalogueActive": query("active", "Only what is active, or only what is not.", ["type": "boolean"]),
        "DryRun": query("dry_run", "Try everything and write nothing.", ["type": "boolean"]),
        "Prune": query("prune", "Deactivate what the file leaves out.", ["type": "boolean"]),
        "CouponPlan": [
            "name": "plan", "in": "query", "required": true, "description": "The plan's code.",
            "schema": ["type": "string"],
        ],
        "Quantity": query(
            "quantity", "How many.", ["type": "integer", "minimum": 1, "maximum": number(Quantity.cap)]),
        "RepeatCount": query(
            "repeat_count", "For how many periods.",
            ["type": "integer", "minimum": 1, "maximum": number(RepeatCount.cap)]),
        "CouponOrder": query("kind", "Of what kind the order is.", orderKind),
        "CouponCustomer": query(
            "customer", "Whose order it is: id, e-mail address or username; left out: who never ordered.",
            ["type": "string"]),
    ]

    static let catalogueSchemas: JSON = {
        var schemas = whole.objectValue ?? JSONObject()
        for kind in CatalogueKind.allCases {
            let name = kind.schemaName
            schemas[name] = shown(kind)
            schemas["\(name)List"] = page(name)
            schemas["New\(name)"] = asked(kind, isNew: true)
            schemas["\(name)Change"] = asked(kind, isNew: false)
        }
        return .object(schemas)
    }()

    private static func number(_ cap: Int32) -> JSON { .integer(Int64(cap)) }

    private static let orderKind: JSON = [
        "enum": .array(OrderKind.allCases.map { .string($0.rawValue) }), "default": "purchase",
    ]

    /// A thing as it is answered.
    private static func shown(_ kind: CatalogueKind) -> JSON {
        var (properties, optional) = (JSONObject(), Set<String>())
        for member in CatalogueMember.all(kind) {
            switch member.presence {
            case .required, .defaulted: properties[member.name] = member.schema
            case .said, .nullable: properties[member.name] = nullable(member.schema)
            case .extra:
                properties[member.name] = nullable(member.schema)
                optional.insert(member.name)
            case .spelling: break
            }
        }
        return object(.object(properties), optional: optional)
    }

    /// A thing as it is asked for; one member that is `null` is as if it were left out.
    private static func asked(_ kind: CatalogueKind, isNew: Bool) -> JSON {
        var (properties, optional) = (JSONObject(), Set<String>())
        for member in CatalogueMember.all(kind) {
            switch member.presence {
            case .required where isNew: properties[member.name] = member.schema
            case .said where isNew: properties[member.name] = nullable(member.schema)
            case .required, .said, .defaulted, .nullable, .extra, .spelling:
                properties[member.name] = nullable(member.schema)
                optional.insert(member.name)
            }
        }
        return object(.object(properties), optional: optional)
    }

    private static let whole: JSON = [
        "Catalogue": object(["tenants": ["type": "array", "items": tenantFile, "minItems": 1, "maxItems": 1]]
        ),
        "CatalogueFile": object([
            "tenants": [
                "type": "array", "items": ["type": "object"], "minItems": 1, "maxItems": 1,
                "description":
                    "The tenant as `GET` shows it. What is no catalogue (`active`, `sandbox`, `wholesale`) stays as it is.",
            ]
        ]),
        "CatalogueReport": object([
            "dry_run": ["type": "boolean"], "created": ["type": "integer"], "changed": ["type": "integer"],
            "deactivated": ["type": "integer"],
            "changes": [
                "type": "array",
                "items": object([
                    "action": ["enum": ["create", "change", "deactivate"]], "tenant": ["type": "string"],
                    "kind": ["type": "string"], "name": ["type": "string"],
                    "fields": [
                        "type": "array",
                        "items": object([
                            "name": ["type": "string"], "old": ["type": "string"], "new": ["type": "string"],
                        ]),
                    ],
                ]),
            ],
            "warnings": ["type": "array", "items": ["type": "string"]],
            "keys": ["type": "array", "maxItems": 0],
        ]),
        "CouponDryRun": object([
            "applies": ["type": "boolean"], "list_price": nullable(["type": "string"]),
            "discount": nullable(["type": "string"]), "total": nullable(["type": "string"]),
            "refusal": nullable(
                object(["code": ["type": "string"], "message": ["type": "string"]]),
                "The first rule that the order breaks, by the code that purchases are counted under."),
        ]),
    ]

    private static let tenantFile: JSON = {
        var properties = JSONObject()
        for name in ["slug", "name", "currency", "timezone", "grace"] {
            properties[name] = ["type": "string"]
        }
        for name in ["active", "sandbox"] { properties[name] = ["type": "boolean"] }
        properties["wholesale"] = object(["credit_limit": ["type": "string"]])
        for kind in CatalogueKind.allCases {
            properties[kind.list] = ["type": "array", "items": ["type": "object"]]
        }
        return object(.object(properties))
    }()
}

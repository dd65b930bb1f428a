internal import Primitives

/// The keys of a plan that only one product has; they are kept as one JSON object.
enum PlanAttributes {
    static let keys = [
        "bandwidth_gb", "requests_per_minute",
        "burst_per_10s", "limits", "features", "default_project_plan",
    ]

    /// Reads those that are there, in the order of `keys`.
    static func read(_ plan: MappingReader) throws(DocumentError) -> JSONObject {
        var attributes = JSONObject()
        for key in keys {
            guard let value = plan.optional(key) else { continue }
            attributes[key] = try read(key, value)
        }
        return attributes
    }

    private static func read(_ key: String, _ value: ValueReader) throws(DocumentError) -> JSON {
        switch key {
        case "features": try words(value, .word)
        case "limits": try limits(value)
        case "default_project_plan": .bool(try value.flag())
        default: value.isNull ? .null : .integer(try value.integer(in: 1...Int64(Int32.max)))
        }
    }

    private static func words(_ value: ValueReader, _ form: Form) throws(DocumentError) -> JSON {
        let words = try value.list { value throws(DocumentError) in try value.name(form) }
        guard Set(words).count == words.count else { throw value.problem("a word is listed twice") }
        return .array(words.map { .string($0) })
    }

    /// Names with whole numbers; -1 is without limit.
    private static func limits(_ value: ValueReader) throws(DocumentError) -> JSON {
        var limits = JSONObject()
        let members = try value.openMapping(of: .word) { value throws(DocumentError) in
            try value.integer(in: -1...Int64(Int32.max))
        }
        for (name, limit) in members { limits[name.value] = .integer(limit) }
        return .object(limits)
    }
}

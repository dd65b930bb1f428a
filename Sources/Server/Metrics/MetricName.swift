/// Names and labels in the alphabet of the Prometheus text format.
enum MetricName {
    /// The name with every character that is not allowed replaced by an underscore.
    static func sanitized(_ name: String, allowsColon: Bool = true) -> String {
        var text: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "_"):
                text.append(byte)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                // No name begins with a digit.
                if text.isEmpty { text.append(UInt8(ascii: "_")) }
                text.append(byte)
            case UInt8(ascii: ":") where allowsColon: text.append(byte)
            default: text.append(UInt8(ascii: "_"))
            }
        }
        return text.isEmpty ? "_" : String(decoding: text, as: UTF8.self)
    }

    /// The name with this ending, added where it is missing.
    static func ending(_ name: String, in ending: String) -> String {
        name.hasSuffix(ending) ? name : name + ending
    }
}

/// The labels of one series: sorted by name, each name once, written once.
struct MetricLabels: Hashable, Sendable {
    /// `a="1",b="2"`, escaped; empty where there are none.
    let text: String

    init(_ dimensions: [(String, String)]) {
        var byName: [String: String] = [:]
        for (name, value) in dimensions { byName[MetricName.sanitized(name, allowsColon: false)] = value }
        text = byName.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
    }

    /// `{a="1"}`, with one more label where a histogram needs it; nothing where there are none.
    func braced(and more: String? = nil) -> String {
        let all = [text, more ?? ""].filter { !$0.isEmpty }.joined(separator: ",")
        return all.isEmpty ? "" : "{\(all)}"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}

import Foundation

/// Texts that show with ▸ where an error must stand.
extension String {
    /// `line:column: ` of ▸, from 1; empty where there is none.
    var placeOfMarker: String {
        guard let before = range(of: "▸").map({ self[..<$0.lowerBound] }) else { return "" }
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        return "\(lines.count):\((lines.last?.unicodeScalars.count ?? 0) + 1): "
    }

    var withoutMarker: String { replacingFirst("▸", by: "") }

    func replacingFirst(_ old: String, by new: String) -> String {
        guard let place = range(of: old) else { return self }
        return replacingCharacters(in: place, with: new)
    }
}

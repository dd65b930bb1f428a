internal import Primitives

extension CatalogueParser {
    /// `networks: [A, B]`, or `network: A` for a plan with one.
    func networks(_ keys: MappingReader) throws(DocumentError) -> [Located<String>] {
        let one = try keys.optional("network") { value throws(DocumentError) in try value.reference(.code) }
        guard let list = keys.optional("networks") else { return one.map { [$0] } ?? [] }
        if one != nil { throw list.problem("a plan has a network or networks, not both") }
        let networks = try list.list { value throws(DocumentError) in try value.reference(.code) }
        try refuseRepeats(networks.map(\.value), in: list, "a network is listed twice")
        return networks
    }

    /// What a buyer may choose of an exit: where, and when it changes; both or neither.
    func exits(
        _ keys: MappingReader
    ) throws(DocumentError) -> (countries: [ExitCountry], rotations: [ExitRotation]) {
        let countries = try words(
            keys, "countries", ExitCountry.init(rawValue:),
            "country of an exit: 2 to 32 lower-case letters and digits, like mixed or nl")
        let rotations = try words(
            keys, "rotations", ExitRotation.init(rawValue:),
            "rotation of an exit: instant, or whole minutes like 5m")
        guard countries.isEmpty == rotations.isEmpty else {
            let (said, missing) = countries.isEmpty ? ("rotations", "countries") : ("countries", "rotations")
            throw (keys.optional(said)?.mark ?? keys.mark).problem(
                "\(said): a plan that lets its exit be chosen needs \(missing) too")
        }
        return (countries, rotations)
    }

    private func words<Word: Hashable>(
        _ keys: MappingReader, _ key: String, _ read: (String) -> Word?, _ explanation: String
    ) throws(DocumentError) -> [Word] {
        guard let list = keys.optional(key) else { return [] }
        let words = try list.list { value throws(DocumentError) in
            let text = try value.text()
            guard let word = read(text) else { throw value.problem("\"\(text)\" is no \(explanation)") }
            return word
        }
        try refuseRepeats(words, in: list, "a word is listed twice")
        return words
    }

    private func refuseRepeats<Word: Hashable>(
        _ words: [Word], in list: ValueReader, _ sentence: String
    ) throws(DocumentError) {
        guard Set(words).count == words.count else { throw list.problem(sentence) }
    }
}

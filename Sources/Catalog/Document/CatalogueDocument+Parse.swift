internal import Yams

extension CatalogueDocument {
    /// Reads a catalogue file; the first thing that is wrong, from top to bottom, is the error.
    ///
    /// - Parameter file: what errors call the file.
    public static func parse(
        _ yaml: String, file: String, vocabulary: CatalogueVocabulary
    ) throws(DocumentError) -> CatalogueDocument {
        let start = SourceMark(file: file, line: 1, column: 1)
        guard let root = try compose(yaml, start) else { throw start.problem("the file is empty") }
        return try parse(root, at: start, vocabulary: vocabulary)
    }

    /// Reads what was composed, of a file or of something else that is written like one.
    static func parse(
        _ root: Node, at start: SourceMark, vocabulary: CatalogueVocabulary
    ) throws(DocumentError) -> CatalogueDocument {
        let mapping = try MappingReader(root, at: start, "a catalogue", keys: ["tenants"])
        let parser = TenantParser(vocabulary: vocabulary)
        let tenants = try mapping.required("tenants").list(parser.tenant)
        try DuplicateCheck.run(tenants)
        return CatalogueDocument(
            file: start.file, tenants: tenants.flatMap { [$0.live] + [$0.sandbox].compactMap(\.self) })
    }

    /// Reads a catalogue file from its bytes, which must be UTF-8.
    public static func parse(
        bytes: [UInt8], file: String, vocabulary: CatalogueVocabulary
    ) throws(DocumentError) -> CatalogueDocument {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SourceMark(file: file, line: 1, column: 1).problem("the file is not UTF-8")
        }
        return try parse(text, file: file, vocabulary: vocabulary)
    }

    static func compose(_ yaml: String, _ start: SourceMark) throws(DocumentError) -> Node? {
        do {
            return try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw error.problem(start)
        } catch {
            throw start.problem("\(error)")
        }
    }
}

extension YamlError {
    /// The same complaint with a place, in one line.
    fileprivate func problem(_ start: SourceMark) -> DocumentError {
        switch self {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = SourceMark(mark, file: start.file)
            let reason = [context?.text, problem].compactMap { $0 }.joined(separator: " ")
            return place.problem("not YAML: \(reason)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let place = SourceMark(context.mark, file: start.file)
            return place.problem("key \"\(duplicates.first ?? "")\" is given twice in one mapping")
        case .reader(let problem, _, _, _): return start.problem("not YAML: \(problem)")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return start.problem("not YAML: \(self)")
        }
    }
}

internal import ArgumentParser
internal import Primitives

/// How much of a list is printed.
struct PageOptions: ParsableArguments {
    @Option(help: "How many.")
    var limit = 50

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit is from 1 to 10000")
        }
    }
}

extension OutputOptions {
    /// Prints a page: lines, or one document with its items under their name and where the next page begins.
    func say(_ items: [JSON], _ next: String?, named name: String, lines: () -> [String]) {
        guard !json else {
            return Terminal.say(json: .page(items, next, named: name))
        }
        for line in lines() { Terminal.say(line) }
        if let next { Terminal.complain("there is more: --before \(next)") }
    }
}

extension JSON {
    fileprivate static func page(_ items: [JSON], _ next: String?, named name: String) -> JSON {
        var page = JSONObject()
        page[name] = .array(items)
        page["next"] = next.map(JSON.string) ?? .null
        return .object(page)
    }
}

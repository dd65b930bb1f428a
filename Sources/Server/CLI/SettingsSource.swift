internal import Configuration

/// Flags, then the environment, then a JSON file, asked for one name at a time.
struct SettingsSource {
    private let reader: ConfigReader

    /// The file is the one that the flag `config` or `TOLLGATE_CONFIG` names; without either there is none.
    init(flags: [String: String], environment: [String: String]) async throws {
        // A flag is text, as a variable is, and is converted in the same way.
        let given = EnvironmentVariablesProvider(
            environmentVariables: Dictionary(
                uniqueKeysWithValues: flags.map { name, value in
                    (Self.parts(name).joined(separator: "_").uppercased(), value)
                }))
        // An empty variable is how a shell says "not set".
        let set = EnvironmentVariablesProvider(environmentVariables: environment.filter { !$0.value.isEmpty })
        var providers: [any ConfigProvider] = [given, set.prefixKeys(with: "tollgate")]
        if let file = ConfigReader(providers: providers).string(forKey: "config") {
            do {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: .init(file)))
            } catch {
                throw CommandFailure.badUsage("the settings in \(file) cannot be read: \(error)")
            }
        }
        reader = ConfigReader(providers: providers)
    }

    func text(_ name: String) throws -> String? {
        try value(name, "text") { reader.string(forKey: $0) }
    }

    func flag(_ name: String) throws -> Bool? {
        try value(name, "true or false") { reader.bool(forKey: $0) }
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let number = try value(name, "a whole number", { reader.int(forKey: $0) }) else { return nil }
        guard range.contains(number) else {
            throw CommandFailure.badUsage(
                "\(name) is \(number), and has to lie between \(range.lowerBound) and \(range.upperBound)"
            )
        }
        return number
    }

    /// The reader answers nil both for what is missing and for what is of another type; only the first is fine.
    private func value<T>(_ name: String, _ kind: String, _ read: (ConfigKey) -> T?) throws -> T? {
        let key = ConfigKey(Self.parts(name))
        if let value = read(key) { return value }
        let isGiven =
            reader.string(forKey: key) != nil || reader.double(forKey: key) != nil
            || reader.bool(forKey: key) != nil
        if isGiven { throw CommandFailure.badUsage("\(name) has to be \(kind)") }
        return nil
    }

    private static func parts(_ name: String) -> [String] {
        name.split(separator: ".").map(String.init)
    }
}

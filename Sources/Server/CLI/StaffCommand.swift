internal import ArgumentParser
internal import Foundation
internal import Primitives

struct StaffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "Who may sign in at the admin API.",
        subcommands: [StaffCreate.self, StaffList.self, StaffReset.self]
    )
}

/// What every command about staff takes.
struct StaffOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "The slug of whose staff it is about (default: the platform's).")
    var tenant: String?

    func run<Result: Sendable>(
        _ body: @escaping @Sendable (OperatorWork) async throws -> Result
    ) async throws -> Result {
        try await Installation.run(try await common.settings(), for: .init(command: "staff")) {
            installation in
            try await Schema.requireCurrent(installation.owner)
            do {
                return try await body(OperatorWork(installation))
            } catch let refusal as OperatorWork.Refusal {
                throw CommandFailure.failed("\(refusal)")
            }
        }
    }

    func say(_ made: OperatorWork.MadePerson) {
        guard output.json else {
            Terminal.say(made.person.line)
            if let password = made.password { Terminal.say("password: \(password)") }
            return
        }
        let password: JSON = made.password.map { .string($0) } ?? .null
        Terminal.say(json: ["person": made.person.json, "password": password])
    }
}

/// Where a password comes from: the first line of standard input, or made here. Never from the command line, which
/// every neighbour can read.
struct PasswordOptions: ParsableArguments {
    @Flag(help: "Read the password from standard input (default: one is made and printed this once).")
    var passwordStdin = false

    func password() throws -> (text: String, isMade: Bool) {
        guard passwordStdin else { return (StaffRules.makePassword(SystemRandom()), true) }
        guard let line = readLine(), StaffRules.isPassword(line) else {
            throw CommandFailure.badUsage(
                "a password has at least \(StaffRules.passwordLength.lowerBound) bytes; standard input had none such"
            )
        }
        return (line, false)
    }
}

struct StaffCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Let a person sign in at the admin API.")

    @OptionGroup var options: StaffOptions
    @OptionGroup var passwords: PasswordOptions

    @Option(help: "Their e-mail address.")
    var email: String

    @Option(help: "What they are called (default: the part of the e-mail address before the @).")
    var name: String?

    @Option(
        help: "owner, catalogue, support, finance or read_only.",
        transform: { try WordArgument.parse($0) as StaffRole })
    var role: StaffRole

    func validate() throws {
        guard StaffRules.email(email) != nil else { throw ValidationError("\(email) is no e-mail address") }
        if let name, !StaffRules.isName(name) { throw ValidationError("\(name) is no name") }
    }

    func run() async throws {
        let (password, isMade) = try passwords.password()
        let hash = try await Argon2Hasher().hash(password)
        let new = NewStaffPerson(
            email: StaffRules.email(email) ?? email, name: name ?? String(email.prefix { $0 != "@" }),
            role: role, passwordHash: hash)
        let made = try await options.run { [tenant = options.tenant] in
            try await $0.createStaff(new, of: tenant, made: isMade ? password : nil)
        }
        options.say(made)
    }
}

struct StaffReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Let in again who is locked out: another password, no second factor, sessions ended.")

    @OptionGroup var options: StaffOptions
    @OptionGroup var passwords: PasswordOptions

    @Argument(help: "Their e-mail address.")
    var email: String

    func run() async throws {
        let (password, isMade) = try passwords.password()
        let hash = try await Argon2Hasher().hash(password)
        let made = try await options.run { [email, tenant = options.tenant] in
            try await $0.resetStaff(email, of: tenant, passwordHash: hash, made: isMade ? password : nil)
        }
        options.say(made)
    }
}

struct StaffList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List who may sign in at the admin API.")

    @OptionGroup var options: StaffOptions

    func run() async throws {
        let people = try await options.run { [tenant = options.tenant] in try await $0.staff(of: tenant) }
        if options.output.json {
            Terminal.say(json: .array(people.map(\.json)))
        } else {
            for person in people { Terminal.say(person.line) }
        }
    }
}

extension StaffPerson {
    var line: String {
        let state = (isActive ? "" : "  closed") + (needsCode ? "  second factor" : "")
        return "\(email)  \(role.rawValue)  \(name)\(state)  \(id)"
    }
}

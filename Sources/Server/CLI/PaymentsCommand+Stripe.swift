internal import ArgumentParser
internal import Foundation
internal import Primitives

struct PaymentsStripe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stripe", abstract: "How a tenant reaches Stripe, or what speaks like it.",
        subcommands: [StripeSet.self, StripeShow.self, StripeOff.self]
    )
}

struct StripeSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Connect a tenant to Stripe, or change how.",
        discussion: """
            The secrets are read from standard input, one a line: first the API's secret key (sk_…), then the endpoint's \
            signing secret (whsec_…); more lines are further signing secrets, while one takes another's place. They are \
            stored sealed with the installation's key and never shown. Alternatively, they are taken from \
            TOLLGATE_STRIPE_SECRET and TOLLGATE_STRIPE_WEBHOOK_SECRETS, with commas between several.
            """
    )

    @OptionGroup var options: OperatorOptions

    @Option(help: "Where the customer goes after paying, with https.")
    var successURL: String

    @Option(help: "Where the customer goes who does not pay.")
    var cancelURL: String

    @Option(help: "Where the API is.")
    var baseURL = "https://api.stripe.com"

    func validate() throws {
        for url in [successURL, cancelURL, baseURL] {
            guard let parts = URL(string: url), ["https", "http"].contains(parts.scheme), parts.host() != nil
            else { throw ValidationError("\(url) is no address with http or https") }
        }
    }

    func run() async throws {
        let secrets = try Self.secrets()
        let connection = ProviderConnection(
            baseURL: baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL,
            secret: Secret(secrets[0]), webhookSecrets: secrets.dropFirst().map { Secret($0) },
            successURL: successURL, cancelURL: cancelURL)
        try await Installation.run(
            try await options.common.settings(), for: .init(command: "payments"), needsKey: true
        ) { [options] installation in
            try await Schema.requireCurrent(installation.owner)
            let work = OperatorWork(installation)
            do {
                try await work.connect(connection, of: options.tenant, sealedBy: installation.requiredSeal)
            } catch let refusal as OperatorWork.Refusal {
                throw CommandFailure.failed("\(refusal)")
            }
        }
        let path = "/t/\(options.tenant)/payments/stripe"
        if options.output.json {
            Terminal.say(json: ["tenant": .string(options.tenant), "webhook_path": .string(path)])
        } else {
            Terminal.say("\(options.tenant) takes payments; let Stripe send its events to \(path)")
        }
    }

    /// The API's secret and those of messages, never from an argument, which everybody on the machine can read.
    private static func secrets() throws -> [String] {
        let environment = ProcessInfo.processInfo.environment
        var lines: [String] = []
        if let secret = environment["TOLLGATE_STRIPE_SECRET"], !secret.isEmpty {
            let webhooks = environment["TOLLGATE_STRIPE_WEBHOOK_SECRETS"] ?? ""
            lines = [secret] + webhooks.split(separator: ",").map(String.init)
        } else {
            while let line = readLine() { lines.append(line) }
        }
        lines = lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        guard lines.count >= 2 else {
            throw CommandFailure.badUsage(
                "two secrets are wanted on standard input, one a line: the API's key, then the endpoint's signing secret"
            )
        }
        return lines
    }
}

struct StripeShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show how a tenant reaches Stripe, without the secrets.")

    @OptionGroup var options: OperatorOptions

    func run() async throws {
        let stored = try await options.run("payments") { [options] in
            try await $0.connection(of: options.tenant)
        }
        guard let stored else { throw CommandFailure.failed("\(PaymentRefusal.providerMissing)") }
        if options.output.json {
            Terminal.say(
                json: [
                    "base_url": .string(stored.baseURL), "success_url": .string(stored.successURL),
                    "cancel_url": .string(stored.cancelURL), "active": .bool(stored.isActive),
                    "webhook_path": .string("/t/\(options.tenant)/payments/stripe"),
                ])
        } else {
            Terminal.say(
                "\(stored.isActive ? "on" : "off")  \(stored.baseURL)  then \(stored.successURL), or \(stored.cancelURL)"
            )
        }
    }
}

struct StripeOff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "off", abstract: "Take no payments any more; what is under way is not looked after then."
    )

    @OptionGroup var options: OperatorOptions

    func run() async throws {
        try await options.run("payments") { [options] in try await $0.disconnect(options.tenant) }
        if options.output.json {
            Terminal.say(json: ["active": false])
        } else {
            Terminal.say("\(options.tenant) takes no payments")
        }
    }
}

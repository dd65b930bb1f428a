internal import Billing
internal import Catalog
internal import Primitives

extension Line {
    private static let subjects = [
        "books": 1, "customer": 1, "network": 1, "plan": 1, "coupon": 1, "clock": 1, "ask": 2, "commit": 1,
        "crash": 1, "shuffle": 1, "expire": 0, "restock": 0, "relocate": 1, "list": 1,
    ]

    /// Reads a script; `#` begins a comment.
    package static func script(_ text: String) throws -> [Line] {
        try text.split(separator: "\n").compactMap { line in
            do {
                return try Words(line, subjects: subjects).map { try Line($0) }
            } catch let error as Words.Unreadable {
                throw Words.Unreadable(description: "\(line): \(error)")
            }
        }
    }

    private init(_ words: Words) throws {
        switch words.verb {
        case "books":
            self = .books(
                tenant: try words.subject(0) { Int($0) },
                currency: try words.required("currency") { Currency($0) },
                limit: try words.required("limit") { Int64($0) })
        case "customer":
            self = .customer(
                CustomerLine(
                    name: try words.subject(0, Name.init(word:)),
                    currency: try words.required("currency") { Currency($0) },
                    limit: try words.required("limit") { Int64($0) }, isOpen: !words.flag("closed")))
        case "network":
            self = .network(
                NetworkLine(
                    name: try words.subject(0, Name.init(word:)),
                    slots: try words.required("slots") { Int($0) },
                    isOn: !words.flag("off")))
        case "plan": self = .plan(try PlanLine(words))
        case "coupon": self = .coupon(try CouponLine(words))
        case "list":
            self = .list(
                ListLine(
                    customer: try words.subject(0, Name.init(word:)),
                    plan: try words.required("plan") { Int($0) },
                    price: try words.optional("price") { Int64($0) }))
        case "clock": self = .clock(try words.subject(0) { Int64($0) })
        case "ask": self = .ask(try Request(words))
        case "commit": self = .commit(try words.subject(0) { Int($0) })
        case "crash": self = .crash(try words.subject(0) { Int($0) })
        case "shuffle": self = .shuffle(try words.subject(0) { UInt64($0) })
        case "expire": self = .expire
        case "restock": self = .restock
        default:
            self = .relocate(
                tenant: try words.required("tenant") { Int($0) },
                try words.subject(0, SubscriptionName.init(word:)),
                network: try words.required("network") { Int($0) })
        }
    }
}

extension PlanLine {
    fileprivate init(_ words: Words) throws {
        self.init(
            name: try words.subject(0, Name.init(word:)),
            currency: try words.required("currency") { Currency($0) },
            price: try words.optional("price") { Int64($0) },
            wholesale: try words.optional("wholesale") { Int64($0) },
            duration: try words.optional("ms") { Int64($0) },
            trial: try words.optional("trial") { Int64($0) },
            networks: try words.list("network") { Int($0) }, exits: try words.list("exits") { $0 },
            rotations: try words.list("rotations") { $0 }, product: words.text("product") ?? "proxy",
            isShared: words.flag("shared"),
            doors: (words.text("doors") ?? "gate").split(separator: ",").map(String.init),
            isOn: !words.flag("off"))
    }
}

extension CouponLine {
    fileprivate init(_ words: Words) throws {
        self.init(
            name: try words.subject(0, Name.init(word:)),
            percent: try words.optional("percent") { Int32($0) },
            amount: try words.optional("amount", Money.init(word:)),
            most: try words.optional("most", Money.init(word:)),
            minimum: try words.optional("minimum", Money.init(word:)),
            budget: try words.optional("budget", Money.init(word:)),
            limit: try words.optional("limit") { Int32($0) },
            perCustomer: try words.optional("each") { Int32($0) },
            plans: words.text("plans").map { $0.split(separator: ",").compactMap { Int($0) } },
            kinds: words.text("kinds").map {
                $0.split(separator: ",").compactMap { OrderKind(rawValue: String($0)) }
            },
            starts: try words.optional("starts") { Int64($0) },
            ends: try words.optional("ends") { Int64($0) },
            isFirstOrderOnly: words.flag("first"),
            isOn: !words.flag("off"))
    }
}

extension Request {
    fileprivate init(_ words: Words) throws {
        self.init(
            number: try words.subject(0) { Int($0) }, tenant: try words.required("tenant") { Int($0) },
            door: words.text("door") ?? "gate", by: try words.optional("by") { Int($0) },
            key: try words.optional("key") { Int($0) }, body: try words.optional("body") { Int($0) } ?? 0,
            isBroken: words.flag("broken"), action: try Action(words))
    }
}

extension Action {
    fileprivate init(_ words: Words) throws {
        func customer() throws -> Int { try words.required("customer") { Int($0) } }
        func plan() throws -> Int { try words.required("plan") { Int($0) } }
        func amount() throws -> Money { try words.required("amount", Money.init(word:)) }
        let repeats = try words.optional("repeat") { Int64($0) } ?? 1
        let coupon = try words.optional("coupon") { Int($0) }
        let expected = try words.optional("expect", Money.init(word:))
        switch words.word(1) {
        case "purchase":
            self = .purchase(
                Purchase(
                    customer: try customer(), plan: try plan(),
                    networks: try words.list("network") { Int($0) }, country: words.text("country"),
                    rotation: words.text("rotation"),
                    quantity: try words.optional("quantity") { Int64($0) } ?? 1, repeats: repeats,
                    coupon: coupon, expected: expected))
        case "trial": self = .trial(customer: try customer(), plan: try plan())
        case "renewal":
            self = .renewal(
                Renewal(
                    customer: try customer(),
                    subscription: try words.required("of", SubscriptionName.init(word:)),
                    plan: try plan(), repeats: repeats, coupon: coupon, expected: expected))
        case "topup":
            self = .topUp(
                customer: try customer(), amount: try amount(),
                reference: try words.required("reference") { Int($0) })
        case "float":
            self = .floatTopUp(amount: try amount(), reference: try words.required("reference") { Int($0) })
        case "refund":
            self = .refund(
                customer: try customer(), order: try words.required("order") { Int($0) },
                amount: try words.optional("amount", Money.init(word:)), keepsService: words.flag("keep"))
        case "cancellation":
            self = .cancellation(
                Cancellation(
                    customer: try customer(),
                    subscription: try words.required("of", SubscriptionName.init(word:)),
                    way: try words.required("way", Billing.Cancellation.Way.init(rawValue:)),
                    keepsMoney: words.flag("keep"), expected: expected))
        case "change":
            self = .planChange(
                PlanChange(
                    customer: try customer(),
                    subscription: try words.required("of", SubscriptionName.init(word:)),
                    plan: try plan(), country: words.text("country"), rotation: words.text("rotation"),
                    expected: expected))
        case "adjustment":
            self = .adjustment(
                customer: try customer(), amount: try amount(),
                reference: try words.optional("reference") { Int($0) })
        default: throw Words.Unreadable(description: "nobody can ask for \(words.word(1))")
        }
    }
}

internal import Foundation
internal import Primitives

/// One customer's program: asks for one thing after the other and remembers what it was told.
///
/// Where it was told nothing it sometimes asks again at once, and sometimes goes on and leaves the question open.
final class Client {
    private let number: Int
    private let customer: DrillShop.Customer
    private let plans: [DrillShop.Plan]
    private var services: ServiceClient
    private let networks: [IdentifierBits]
    private let notebook: Notebook
    private let http: HTTPConnection
    private let seed: UInt64
    private var random: SplitMix64
    private var commands = 0
    /// Subscriptions that it was told it has, and how to renew them.
    private var held: [(id: IdentifierBits, plan: DrillShop.Plan)] = []
    private var open: Int?

    init(
        number: Int, customer: DrillShop.Customer, shop: DrillShop, notebook: Notebook, port: UInt16,
        seed: UInt64, deadlineSeconds: Int
    ) {
        self.number = number
        self.customer = customer
        let tenant = shop.tenants.firstIndex(of: customer.tenant)!
        plans = shop.plans(of: .gate, tenant)
        services = ServiceClient(shop.plans(of: .opproxy, tenant))
        networks = shop.networks[tenant]
        self.notebook = notebook
        self.seed = seed
        http = HTTPConnection(port: port, deadlineSeconds: deadlineSeconds, book: notebook.requests)
        random = SplitMix64(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// Works until the load is over.
    func run(_ load: LoadSwitch) {
        while load.enter() {
            step()
            load.leave()
        }
        http.close()
    }

    private func step() {
        let note = open ?? notebook.begin(nextCommand(), customer)
        let reply = http.ask(notebook.note(note))
        switch notebook.take(reply, for: note) {
        case .done(_, let answer):
            open = nil
            learn(answer, notebook.note(note).command)
        case .refused: open = nil
        case .nothing:
            // A connection change that is left open could be carried out after a later one, so it is not.
            let isLeftOpen = notebook.note(note).command.movesMoney && random.next() % 2 == 0
            open = isLeftOpen ? nil : note
            // The server is away: do not spin.
            Thread.sleep(forTimeInterval: 0.004)
        }
    }

    private func learn(_ answer: DrillAnswer, _ command: DrillCommand) {
        switch command.kind {
        case .purchase(let plan, _, _, _), .trial(let plan):
            held += answer.subscriptions.map { ($0, plan) }
            if held.count > 60 { held.removeFirst(held.count - 60) }
        case .service(let service): services.learn(answer, service)
        case .renewal, .changeCredentials, .setRotation, .switchNetwork: break
        }
    }

    private func nextCommand() -> DrillCommand {
        commands += 1
        let key = "drill-\(seed)-\(number)-\(commands)"
        // Three in ten at the second door.
        if random.next() % 10 < 3 { return DrillCommand(.service(services.next(&random)), key: key) }
        return DrillCommand(held.isEmpty ? purchase() : kind(), key: key)
    }

    private func kind() -> DrillCommand.Kind {
        let subscription = held[Int(random.next() % UInt64(held.count))]
        switch random.next() % 100 {
        case ..<48: return purchase()
        case ..<73:
            return .renewal(
                subscription.id, plan: subscription.plan, repeatCount: random.next() % 4 == 0 ? 3 : 1)
        case ..<76: return .trial(plan: plans.filter(\.hasTrial)[Int(random.next() % 2)])
        case ..<86: return .changeCredentials(subscription.id)
        case ..<94: return .setRotation(subscription.id, minutes: [0, 5, 10][Int(random.next() % 3)])
        default: return .switchNetwork(subscription.id, to: networks[Int(random.next() % 2)])
        }
    }

    private func purchase() -> DrillCommand.Kind {
        let weights = [0, 0, 0, 1, 1, 2, 2, 3, 4, 4]
        let percents: [Int64] = [0, 0, 0, 0, 0, 0, 20, 20, 20, 50]
        return .purchase(
            plan: plans[weights[Int(random.next() % 10)]],
            quantity: random.next() % 6 == 0 ? 3 : 1, repeatCount: random.next() % 6 == 0 ? 2 : 1,
            discountPercent: percents[Int(random.next() % 10)])
    }
}

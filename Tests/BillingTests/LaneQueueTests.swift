import Catalog
import Primitives
import TestSupport
import Testing

@testable import Billing

@Suite("The queue of a lane")
struct LaneQueueTests {
    /// Queues renewals: by themselves, which are patient, or by hand.
    private final class Crowd: Sendable {
        let queue: LaneQueue
        let ids = ProcessIdentifiers(seed: 3)

        init(limit: Int = 1_000, alone: Int = 64, oneBeside: Int = 4) {
            queue = LaneQueue(
                limit: limit, share: LaneQueue.PatientShare(alone: alone, oneBeside: oneBeside))
        }

        /// Adds so many and answers with what the queue said to each, in their order.
        func add(_ count: Int, patient: Bool, in group: inout TaskGroup<Void>) async -> [LaneQueue.Admission]
        {
            var admissions: [LaneQueue.Admission] = []
            for _ in 0..<count {
                let admission = Noted<LaneQueue.Admission?>(nil)
                group.addTask { [self] in
                    _ = await withCheckedContinuation { continuation in
                        let command = PendingCommand(submission(patient: patient), continuation)
                        let answer = queue.add(command)
                        if answer != .accepted { command.answer(.failure(.stopping)) }
                        admission.note { $0 = answer }
                    }
                }
                while admission.current == nil { await Task.yield() }
                admissions.append(admission.current!)
            }
            return admissions
        }

        func take(commands: Int = 512) -> [Bool]? {
            queue.nextGroup(commands: commands, units: 2_048)?.map { command in
                command.answer(.failure(.stopping))
                return command.isPatient
            }
        }

        private func submission(patient: Bool) -> Submission {
            let automatic = AutomaticRenewal(nextPeriod: 1, activeUntil: ManualClock.start)
            return Submission(
                id: ids.next(at: ManualClock.start), tenant: TenantID(1), principal: nil,
                dialect: .storefront,
                command: .renewal(
                    Renewal(
                        customer: ids.next(at: ManualClock.start),
                        subscription: ids.next(at: ManualClock.start),
                        plan: ids.next(at: ManualClock.start), automatic: patient ? automatic : nil)))
        }
    }

    @Test func `what jobs ask for is done in small groups, so that nobody who comes waits for a large one`()
        async
    {
        let crowd = Crowd()
        await withTaskGroup(of: Void.self) { group in
            _ = await crowd.add(100, patient: true, in: &group)
            #expect(crowd.take()?.count == 64)
            #expect(crowd.take()?.count == 36)
        }
    }

    @Test(arguments: [(40, 10), (8, 4), (1, 4), (512, 0), (510, 2)])
    func `customers go first, and jobs get a small share beside them`(customers: Int, share: Int) async {
        let crowd = Crowd()
        await withTaskGroup(of: Void.self) { group in
            _ = await crowd.add(200, patient: true, in: &group)
            _ = await crowd.add(customers, patient: false, in: &group)
            let first = crowd.take() ?? []
            #expect(
                first
                    == [Bool](repeating: false, count: customers) + [Bool](repeating: true, count: share))
            #expect(crowd.take()?.count == 64)
            crowd.queue.close()
            while crowd.take() != nil {}
        }
    }

    @Test func `jobs may fill half of the queue, customers what is left`() async {
        let crowd = Crowd(limit: 8)
        await withTaskGroup(of: Void.self) { group in
            let patient = await crowd.add(5, patient: true, in: &group)
            #expect(patient == [.accepted, .accepted, .accepted, .accepted, .full])
            let customers = await crowd.add(5, patient: false, in: &group)
            #expect(customers == [.accepted, .accepted, .accepted, .accepted, .full])
            #expect(crowd.queue.depth == 8)
            crowd.queue.close()
            #expect(await crowd.add(1, patient: false, in: &group) == [.closed])
            #expect(crowd.take() == [false, false, false, false, true, true, true, true])
            #expect(crowd.take() == nil)
        }
    }

    @Test func `who has waited too long is taken out, customers and jobs`() async {
        let crowd = Crowd()
        await withTaskGroup(of: Void.self) { group in
            _ = await crowd.add(2, patient: true, in: &group)
            _ = await crowd.add(1, patient: false, in: &group)
            #expect(crowd.queue.takeOverdue(patience: 1).isEmpty)
            _ = await crowd.add(1, patient: true, in: &group)
            let overdue = crowd.queue.takeOverdue(patience: 1)
            #expect(overdue.count == 3)
            for command in overdue { command.answer(.failure(.stopping)) }
            #expect(crowd.take() == [true])
        }
    }
}

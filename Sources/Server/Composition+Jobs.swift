internal import Billing
internal import Postgres
internal import Primitives
internal import Provisioning

extension Installation {
    /// The record of jobs' runs.
    var jobRuns: JobRuns {
        JobRuns(pool: jobs, clock: clock, ids: identifiers, logger: logger)
    }

    /// A job as the command line runs it: with an engine of its own, whose clock is the run's.
    func job(_ name: JobName) -> any Job {
        switch name {
        case .renewals: renewalsJob(ownEngine(lanes: 2))
        case .undelivered: undeliveredJob(ownEngine())
        case .pendingOrders: pendingOrdersJob(ownEngine())
        case .payments: paymentsJob(ownEngine())
        case .autoTopUps: autoTopUpsJob(ownEngine())
        case .expiry: expiryJob
        case .slots: slotsJob { [self] clock in makeWorker(requiredSeal, clock: clock) }
        case .coupons: couponsJob
        case .retention: retentionJob
        case .reconcile: reconcileJob
        }
    }

    /// The jobs of a process that works, which has an engine and a worker.
    func makeSchedule(_ engine: Engine) -> JobSchedule {
        JobSchedule(
            runs: jobRuns,
            jobs: JobName.allCases.map { name in
                switch name {
                case .renewals: renewalsJob(.shared(engine))
                case .undelivered: undeliveredJob(.shared(engine))
                case .pendingOrders: pendingOrdersJob(.shared(engine))
                case .payments: paymentsJob(.shared(engine))
                case .autoTopUps: autoTopUpsJob(.shared(engine))
                case .expiry: expiryJob
                case .slots: slotsJob(nil)
                case .coupons: couponsJob
                case .retention: retentionJob
                case .reconcile: reconcileJob
                }
            })
    }

    private var expiryJob: ExpiryJob {
        ExpiryJob(pool: worker, ids: identifiers, logger: logger)
    }

    private func slotsJob(_ keeper: (@Sendable (any WallClock) -> ProvisioningWorker)?) -> SlotsJob {
        SlotsJob(pool: worker, ids: identifiers, logger: logger, keeper: keeper)
    }

    private var couponsJob: CouponsJob {
        CouponsJob(pool: jobs, ids: identifiers, logger: logger)
    }

    private var retentionJob: RetentionJob {
        RetentionJob(
            pool: jobs, worker: worker, requestLogDays: settings.requestLogDays, logger: logger)
    }

    private var reconcileJob: ReconcileJob {
        ReconcileJob(configuration: auditing, clock: clock, logger: logger)
    }

    private func undeliveredJob(_ lend: EngineLending) -> UndeliveredJob {
        UndeliveredJob(
            pool: worker, ids: identifiers, deadlineMilliseconds: Int64(settings.deliverySeconds) * 1_000,
            logger: logger, lend: lend)
    }

    private func renewalsJob(_ lend: EngineLending) -> RenewalsJob {
        RenewalsJob(pool: jobs, ids: identifiers, logger: logger, lend: lend)
    }

    private func pendingOrdersJob(_ lend: EngineLending) -> PendingOrdersJob {
        PendingOrdersJob(pool: jobs, ids: identifiers, logger: logger, lend: lend)
    }

    private func paymentsJob(_ lend: EngineLending) -> PaymentsJob {
        PaymentsJob(pool: jobs, logger: logger, lend: lend) { [self] in makePaymentDesk($0, requiredSeal) }
    }

    private func autoTopUpsJob(_ lend: EngineLending) -> AutoTopUpsJob {
        AutoTopUpsJob(pool: jobs, logger: logger, lend: lend) { [self] in makePaymentDesk($0, requiredSeal) }
    }

    /// None of these jobs sells anything, so the engine needs no seal.
    ///
    /// - Parameter lanes: so many at least; while one's group is decided here, the database works for the other's.
    private func ownEngine(lanes: Int = 1) -> EngineLending {
        .made { [self] clock in
            makeEngine(SlotStock(), clock: clock, lanes: max(lanes, settings.lanes))
        }
    }
}

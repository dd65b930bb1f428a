internal import Billing
internal import Metrics
internal import Primitives
internal import Provisioning

/// What an operator watches of the jobs.
enum JobMetrics {
    /// Begins to count at nothing, so that the first run that fails is an increase.
    static func begin(_ jobs: [JobName]) {
        for job in jobs {
            for state in [JobRun.State.done, .failed, .interrupted] {
                runs(job.rawValue, state).increment(by: 0)
            }
            problems(job.rawValue).increment(by: 0)
        }
    }

    /// A run is over.
    static func ran(_ run: JobRun) {
        runs(run.job, run.state).increment()
        problems(run.job).increment(by: run.problems.count)
    }

    // By `name`: `job` is Prometheus' own label, for what it scrapes.
    private static func runs(_ job: String, _ state: JobRun.State) -> Counter {
        Counter(label: "tollgate_job_runs_total", dimensions: [("name", job), ("state", state.rawValue)])
    }

    private static func problems(_ job: String) -> Counter {
        Counter(label: "tollgate_job_problems_total", dimensions: [("name", job)])
    }

    /// Subscriptions that ended and slots that came back, by the job; what workers took back is not among them.
    static func ended(_ counts: ExpiryCounts) {
        Counter(label: "tollgate_expired_subscriptions_total").increment(by: counts.ended)
        Counter(label: "tollgate_expired_slots_total").increment(by: counts.slots)
    }

    /// Subscriptions that were given back because nobody delivered them; any at all asks for an operator.
    static func undelivered(_ counts: UndeliveredCounts) {
        Counter(label: "tollgate_undelivered_subscriptions_total").increment(by: counts.refunded)
    }

    /// Orders that nobody has paid for in time; those that money found expired first are not among them.
    static func expired(_ counts: PendingExpiryCounts) {
        Counter(label: "tollgate_expired_pending_orders_total").increment(by: counts.expired)
    }

    /// What the provider said of payments and refunds whose end nobody had heard; messages are not among them.
    static func asked(_ counts: PaymentRoundCounts) {
        for (result, count) in [
            ("paid", counts.paid), ("refunded", counts.refunded), ("expired", counts.expired),
            ("failed", counts.failed), ("undecided", counts.undecided), ("broken", counts.broken),
        ] {
            Counter(label: "tollgate_payments_asked_total", dimensions: [("result", result)])
                .increment(by: count)
        }
    }

    /// Wallets that were filled, cards that were declined, and wallets that are parked: each of those asks for an operator.
    static func filled(_ counts: AutoTopUpCounts) {
        for (result, count) in [
            ("collected", counts.collected), ("declined", counts.declined), ("open", counts.open),
            ("bounded", counts.bounded), ("failed", counts.failed),
        ] {
            Counter(label: "tollgate_auto_top_ups_total", dimensions: [("result", result)])
                .increment(by: count)
        }
        for (tenant, parked) in counts.parked {
            Gauge(label: "tollgate_parked_wallets", dimensions: [("tenant", String(tenant.number))])
                .record(parked)
        }
    }

    /// What became of automatic renewals; a parked one asks for an operator.
    static func renewed(_ counts: RenewalCounts) {
        for (result, count) in [
            ("renewed", counts.renewed), ("failed", counts.failed), ("parked", counts.parked),
            ("ended", counts.ended), ("undecided", counts.undecided),
        ] {
            Counter(label: "tollgate_automatic_renewals_total", dimensions: [("result", result)])
                .increment(by: count)
        }
    }

    /// Slots by state and networks that are short, tenant by tenant; a network with nothing left asks for an operator.
    static func stocked(_ counts: StockCounts) {
        for (tenant, slots) in counts.byTenant {
            let tenantNumber = String(tenant.number)
            for state in StockCounts.states {
                Gauge(
                    label: "tollgate_slots",
                    dimensions: [("tenant", tenantNumber), ("state", state.rawValue)]
                )
                .record(slots[state] ?? 0)
            }
            for level in [StockLevel.low, .exhausted] {
                Gauge(
                    label: "tollgate_short_networks",
                    dimensions: [("tenant", tenantNumber), ("level", level.rawValue)]
                ).record(counts.short[tenant]?[level] ?? 0)
            }
        }
    }

    /// What differs between ledger, orders and allocations; any at all asks for an operator.
    static func reconciled(_ counts: ReconcileCounts) {
        for check in Reconciliation.checks {
            Counter(label: "tollgate_reconcile_drift_total", dimensions: [("check", check)])
                .increment(by: counts.byCheck[check] ?? 0)
        }
    }
}

public import Primitives

/// When a subscription is renewed by itself next, and how often that was tried on one day.
public struct AutoRenewal: Sendable, Hashable {
    /// `nil`: nobody renews it.
    public var renewsAt: Instant?
    /// Midnight UTC of the day that the counts are of.
    public var triedOn: Instant?
    /// Automatic renewals that failed on that day.
    public var tries: Int32
    /// Automatic renewals that were carried out on that day.
    public var renewals: Int32

    /// What nobody renews, and nobody ever tried to.
    public static let off = AutoRenewal(renewsAt: nil, triedOn: nil, tries: 0, renewals: 0)

    public init(renewsAt: Instant?, triedOn: Instant?, tries: Int32, renewals: Int32) {
        self.renewsAt = renewsAt
        self.triedOn = triedOn
        self.tries = tries
        self.renewals = renewals
    }

    /// Nobody renews it any more; what was counted stays.
    package var stopped: AutoRenewal {
        var stopped = self
        stopped.renewsAt = nil
        return stopped
    }

    /// What it is once the subscription is paid until the end of a period: the next try moves along.
    package func renewed(until period: ServicePeriod, byItself: Bool, at now: Instant) -> AutoRenewal {
        var renewed = byItself ? counted(on: now) : self
        if byItself { renewed.renewals += 1 }
        if renewsAt != nil { renewed.renewsAt = RenewalSchedule.first(for: period) }
        return renewed
    }

    /// What it is once paid time was taken back, so that it is paid until the end of this period: the next try moves along.
    /// One that would be made at once is not, or what was just given back would be charged again.
    package func fallenBack(to period: ServicePeriod, at now: Instant) -> AutoRenewal {
        guard renewsAt != nil else { return self }
        let first = RenewalSchedule.first(for: period)
        guard first > now else { return stopped }
        var moved = self
        moved.renewsAt = first
        return moved
    }

    /// The counts of the instant's own day: another day's are forgotten.
    func counted(on now: Instant) -> AutoRenewal {
        guard triedOn != now.startOfDay else { return self }
        return AutoRenewal(renewsAt: renewsAt, triedOn: now.startOfDay, tries: 0, renewals: 0)
    }
}

/// Where a job saw the subscription that it renews: one that stands elsewhere by now is left alone.
public struct AutomaticRenewal: Sendable, Hashable {
    /// The index of the period that is to be paid.
    public let nextPeriod: Int32
    public let activeUntil: Instant

    public init(nextPeriod: Int32, activeUntil: Instant) {
        self.nextPeriod = nextPeriod
        self.activeUntil = activeUntil
    }

    /// Who is written down as having renewed.
    static let actor = "auto-renewal"

    func stands(for subscription: SubscriptionRow, _ plan: PlanID) -> Bool {
        subscription.nextPeriod == nextPeriod && subscription.activeUntil == activeUntil
            && subscription.plan == plan && subscription.automatic.renewsAt != nil
    }
}

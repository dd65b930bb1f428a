internal import Primitives

/// Why a subscription that was due is not renewed.
enum RenewalFailure: Sendable, Hashable {
    /// The rules said no.
    case refused(Refusal)
    /// It cannot be read or written, whoever tries.
    case faulted
    case parked(ParkReason)
    case over
}

/// What becomes of a subscription that was not renewed: decided from its locked row.
struct RenewalChange: Sendable {
    enum Kind: Sendable, Hashable {
        case postponed(until: Instant)
        case parked(ParkReason)
        case ended
    }

    let due: DueRenewal
    let kind: Kind
    let automatic: AutoRenewal
    /// Why the attempt failed; `nil` where nothing was attempted.
    let reason: String?

    init(_ failure: RenewalFailure, of due: DueRenewal, graceMilliseconds: Int64, at now: Instant) {
        self.due = due
        var tried = due.automatic.counted(on: now)
        switch failure {
        case .refused(let refusal):
            reason = refusal.reason
            tried.tries += 1
            let next = RenewalSchedule.next(
                after: now, end: due.activeUntil, graceMilliseconds: graceMilliseconds)
            if tried.tries < RenewalBounds.triesMax {
                tried.renewsAt = next
                (kind, automatic) = (.postponed(until: next), tried)
            } else {
                (kind, automatic) = (.parked(.tooManyTries), tried.stopped)
            }
        case .faulted:
            reason = ParkReason.fault.rawValue
            tried.tries += 1
            (kind, automatic) = (.parked(.fault), tried.stopped)
        case .parked(let why):
            reason = nil
            (kind, automatic) = (.parked(why), tried.stopped)
        case .over:
            reason = nil
            (kind, automatic) = (.ended, tried.stopped)
        }
    }

    var parked: ParkReason? {
        if case .parked(let why) = kind { why } else { nil }
    }

    /// What is told once, however often it is found.
    var event: OnceEvent {
        let about = "\"subscription\":\"\(due.id)\",\"active_until_ms\":\(due.activeUntil.milliseconds)"
        let period = "\"period\":\(due.nextPeriod)"
        func event(_ kind: String, _ once: String, _ payload: String) -> OnceEvent {
            OnceEvent(
                tenant: due.tenant, customer: due.customer, kind: kind, once: once, payload: payload)
        }
        return switch kind {
        case .postponed(let next):
            event(
                "renewal.failed", "renewal.failed:\(due.id):\(due.nextPeriod)",
                "{\(about),\(period),\"reason\":\"\(reason ?? "")\",\"next_try_ms\":\(next.milliseconds)}")
        case .parked(let why):
            // Parked again after an operator let it go is told again: the moment is a part of it.
            event(
                "renewal.parked", "renewal.parked:\(due.id):\(due.automatic.renewsAt?.milliseconds ?? 0)",
                "{\(about),\(period),\"reason\":\"\(why.rawValue)\"}")
        case .ended:
            SubscriptionEnd(
                tenant: due.tenant, id: due.id, customer: due.customer, activeUntil: due.activeUntil
            ).event
        }
    }
}

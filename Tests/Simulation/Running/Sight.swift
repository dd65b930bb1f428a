internal import Billing
internal import Catalog

/// What a run can come across. A long run that has not seen one of these has not simulated it.
package enum Sight: String, CaseIterable, Sendable {
    // What was carried out.
    case bought, renewed, trialStarted, toppedUp, floatToppedUp, granted, deducted
    case refundedWhole, refundedPart, refundedLastPart, refundedRenewal, cancelledFreeOrder, keptService,
        endedByRefund
    case changedUp, changedDown, changedNetworks, changedSharingNetworks, changedTrial
    case cancelledNow, cancelledAtEnd, cancelledWithoutMoney, undeliverable, wholeOrderCancelled
    case replayed, answerFailed

    // What was refused.
    case idempotencyKeyReused, idempotencyKeyInFlight, customerUnknown, customerInactive, planUnknown
    case subscriptionUnknown, orderUnknown, planInactive, networkInactive, planNotPriced
    case exitCountryNotOffered, exitRotationNotOffered
    case subscriptionNotRenewable, planNotEligible, trialNotOffered, trialUsed, amountTooLarge, couponUnknown
    case couponInactive, couponNotStarted, couponEnded, couponExhausted, couponCustomerLimitReached
    case couponNotFirstOrder, couponBudgetExhausted
    case couponPlanNotCovered, couponKindNotCovered, couponCurrencyMismatch, couponBelowMinimum
    case subscriptionEnded, refundChanged, priceChanged, amountInvalid, referenceUsed, refundExceedsPayment,
        serviceNotReturnable, soldOut
    case insufficientBalance, floatExhausted

    // Where it happened.
    case spentToTheFloor, oneMinorUnitShort, lastSlotsTaken, renewedAtTheEnd, renewedAfterTheEnd
    case expiredAndTakenBack, balanceNearTheLimit, wholesaleMoved, wholesaleGivenBack, couponUsed,
        couponUsedUp, couponBudgetUsedUp, couponCapped, firstOrder, relocated
    case cheaperByList, dearerByList
    case boughtOnSeveralNetworks, renewedOnSeveralNetworks, oneOfSeveralNetworksShort, exitChosen
    case groupOfOne, groupOfMany, crashed, reordered, clockForward, clockBack, clockStopped
    case severalOrdersGivenBack, givenBackBefore, refundAndCouponInOneGroup, twoTenantsInOneGroup

    init(_ refusal: Refusal) {
        switch refusal {
        case .idempotencyKeyReused: self = .idempotencyKeyReused
        case .idempotencyKeyInFlight: self = .idempotencyKeyInFlight
        case .customerUnknown: self = .customerUnknown
        case .customerInactive: self = .customerInactive
        case .planUnknown: self = .planUnknown
        case .subscriptionUnknown: self = .subscriptionUnknown
        case .orderUnknown: self = .orderUnknown
        case .planInactive: self = .planInactive
        case .networkInactive: self = .networkInactive
        case .planNotPriced: self = .planNotPriced
        case .exitCountryNotOffered: self = .exitCountryNotOffered
        case .exitRotationNotOffered: self = .exitRotationNotOffered
        case .subscriptionNotRenewable: self = .subscriptionNotRenewable
        case .planNotEligible: self = .planNotEligible
        case .renewalOutOfDate: preconditionFailure("no automatic renewal is drawn")
        case .previewOutOfDate: preconditionFailure("no preview is drawn")
        case .subscriptionEnded: self = .subscriptionEnded
        case .refundChanged: self = .refundChanged
        case .paymentUnknown, .paymentStepTaken: preconditionFailure("no payment is drawn")
        case .orderNotPending, .tooManyPendingOrders:
            preconditionFailure("no order that waits for money is drawn")
        case .trialNotOffered: self = .trialNotOffered
        case .trialUsed: self = .trialUsed
        case .amountTooLarge: self = .amountTooLarge
        case .couponUnknown: self = .couponUnknown
        case .coupon(let refusal): self.init(refusal)
        case .priceChanged: self = .priceChanged
        case .amountInvalid: self = .amountInvalid
        case .referenceUsed: self = .referenceUsed
        case .refundExceedsPayment: self = .refundExceedsPayment
        case .serviceNotReturnable: self = .serviceNotReturnable
        case .soldOut: self = .soldOut
        case .insufficientBalance: self = .insufficientBalance
        case .floatExhausted: self = .floatExhausted
        }
    }

    private init(_ refusal: CouponRefusal) {
        switch refusal {
        case .inactive: self = .couponInactive
        case .notStarted: self = .couponNotStarted
        case .ended: self = .couponEnded
        case .exhausted: self = .couponExhausted
        // No drawn coupon lists its customers.
        case .customerNotCovered: preconditionFailure("a coupon for some customers was drawn")
        case .customerLimitReached: self = .couponCustomerLimitReached
        case .notFirstOrder: self = .couponNotFirstOrder
        case .budgetExhausted: self = .couponBudgetExhausted
        case .planNotCovered: self = .couponPlanNotCovered
        case .kindNotCovered: self = .couponKindNotCovered
        case .currencyMismatch: self = .couponCurrencyMismatch
        case .belowMinimum: self = .couponBelowMinimum
        }
    }
}

/// How often what was seen.
package struct Sights: Sendable {
    package private(set) var counts: [Sight: Int] = [:]

    mutating func see(_ sight: Sight) { counts[sight, default: 0] += 1 }

    mutating func add(_ other: Sights) { counts.merge(other.counts, uniquingKeysWith: +) }

    /// What a run has never come across.
    package var missing: [Sight] { Sight.allCases.filter { counts[$0] == nil } }
}

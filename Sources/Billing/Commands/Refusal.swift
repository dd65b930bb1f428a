public import Catalog
public import Primitives

/// Why a command was not carried out: the rules say no, and nothing was written.
///
/// The cases stand in the order in which they are checked: a request that breaks two rules always hears of the
/// earlier one (contracts/gate.md G5: existence, state, coupon, stock, balance last).
public enum Refusal: Error, Sendable, Hashable {
    /// The Idempotency-Key was used for another request.
    case idempotencyKeyReused
    /// The first request under this Idempotency-Key is still being carried out.
    case idempotencyKeyInFlight
    /// The customer may not order: closed or unknown to the tenant.
    case customerUnknown
    case customerInactive
    case subscriptionUnknown
    case orderUnknown
    /// The tenant has no such payment, or it is another customer's.
    case paymentUnknown
    /// The payment's money has come, or has gone back, as was asked already.
    case paymentStepTaken
    /// The order does not wait for money any more, or its time is not over yet.
    case orderNotPending
    /// The moment of a preview that has not come yet, or is more than a quarter of an hour ago.
    case previewOutOfDate
    /// The tenant has no such plan, or does not sell it in this dialect or the customer's currency.
    case planUnknown
    case planInactive
    case networkInactive
    /// The plan has not the exit that was chosen, or none to choose from.
    case exitCountryNotOffered(ExitCountry)
    case exitRotationNotOffered(ExitRotation)
    case trialNotOffered
    case trialUsed
    /// The subscription has ended, or its slots have gone back.
    case subscriptionNotRenewable
    /// The subscription has ended, or its paid time is over: there is nothing to cancel or to change.
    case subscriptionEnded
    /// An automatic renewal found the subscription elsewhere than its job had seen it: somebody else came first.
    case renewalOutOfDate
    /// The plan exists but cannot renew this subscription: another product, connection or networks. Nor can it be changed to
    /// its own plan, another product or connection, or from ports to none.
    case planNotEligible
    /// The plan has no price that a machine may charge, or no length.
    case planNotPriced
    /// Price times counts leaves Int64, or the period leaves the calendar; last of all, a balance would leave Int64.
    case amountTooLarge
    case couponUnknown
    case coupon(CouponRefusal)
    /// The charge would not equal the total that was quoted.
    case priceChanged(Money)
    /// What is given back would not equal what was shown: it is this.
    case refundChanged(Money)
    /// A top-up, adjustment or refund of nothing, or of the wrong currency.
    case amountInvalid
    /// The reference was posted before, for this amount of minor units on the same account or for another event.
    case referenceUsed
    case refundExceedsPayment(refundable: Money)
    /// A whole refund would take back time from under what later orders have paid for: those go back first, or it keeps
    /// the service.
    case serviceNotReturnable
    case soldOut
    case insufficientBalance(required: Money, available: Money)
    /// The tenant's own prepaid float does not cover the wholesale price; its customer is not told.
    case floatExhausted
    /// So many orders of the customer wait for money already.
    case tooManyPendingOrders(most: Int)
}

extension Refusal {
    /// What is wrong with the order's coupon, for machines; `nil` where something else is wrong.
    public var couponCode: String? {
        switch self {
        case .couponUnknown: "coupon_unknown"
        case .coupon(let refusal): refusal.code
        default: nil
        }
    }
}

/// Why the engine gave no outcome.
public enum EngineError: Error, Sendable {
    case refused(Refusal)
    /// The queue is full; nothing was decided. The caller may come back in so many seconds.
    case busy(retryAfterSeconds: Int)
    /// The engine is stopping and takes nothing new.
    case stopping
    /// The environment failed and nothing was written.
    case unavailable(Fault)
    /// The connection was lost at COMMIT and the database did not come back in time to be asked: repeat with the same
    /// Idempotency-Key to learn what happened.
    case outcomeUnknown(CommandID)
}

internal import Billing
internal import Catalog
internal import Primitives

// What an operator is told, with what to do next.
extension OperatorWork.Refusal: CustomStringConvertible {
    var description: String {
        switch self {
        case .tenantUnknown(let slug):
            "there is no tenant \(slug); tenants come from a catalogue file (`tollgate apply`)"
        case .customerUnknown(let name):
            "the tenant has no customer \(name); `tollgate customer list` shows who there is"
        case .keyUnknown(let name):
            "the customer has no key \(name); `tollgate key list` shows which there are"
        case .personUnknown(let email):
            "nobody of that staff is \(email); `tollgate staff list` shows who there is"
        case .personTaken(let email):
            "somebody of that staff is \(email) already; `tollgate staff reset` lets them in again"
        case .planUnknown(let code): "the tenant has no plan \(code)"
        case .endIsOver(let end): "the key would have ended already, at \(end.rfc3339())"
        case .endIsTooFar: "the key's end is after the year 9999; leave it out for a key without an end"
        case .orderUnknown(let id):
            "the tenant has no order \(id); `tollgate order list` shows which there are"
        case .subscriptionUnknown(let id):
            "the tenant has no subscription \(id); `tollgate subscription list` shows which there are"
        case .subscriptionEnded(let id): "subscription \(id) has ended; it can only be bought anew"
        case .subscriptionParked(let id):
            "subscription \(id) is parked; `tollgate subscription unpark` lets it go"
        case .subscriptionNotParked(let id):
            "subscription \(id) is not parked; `tollgate subscription parked` shows which are"
        case .taken(let name): "there is a customer \(name) already"
        case .clockIsLive(let slug):
            "\(slug) is a live tenant, whose clock is the real one; only a sandbox's can be moved, and it would be "
                + "called \(Sandbox.slug(of: slug))"
        case .clock(.onlyForward(let now)):
            "the clock says \(now.rfc3339()) already, and it only goes forward"
        case .clock(.tooFar): "a clock can be moved to a hundred years ahead of the real one, and no farther"
        case .sandboxMissing(let slug):
            "\(slug) has no sandbox; say `sandbox: true` of it in its catalogue file (`tollgate apply`)"
        case .keysAreTestKeys(let slug): "\(slug) is a sandbox, whose keys are all test keys; say --test"
        case .amountUnreadable(let text, let currency):
            "\(text) is no amount of \(currency), which has \(currency.scale) digits behind the point"
        case .money(.referenceUsed): "this reference was posted before; nothing was moved"
        case .money(.orderUnknown): "the tenant has no such order that waits for money, or has"
        case .money(.orderNotPending): "the order waits no more"
        case .money(.previewOutOfDate):
            "the preview's moment is more than 15 minutes ago, or still to come: look again"
        case .money(.priceChanged(let net)): "it would come to \(net) now, which is not what was expected"
        case .money(.idempotencyKeyReused):
            "this key was used for another request; nothing was moved. Give the new one a key of its own"
        case .money(.amountInvalid): "the amount is of another currency; nothing was moved"
        case .money(.refundExceedsPayment(let left)) where left.isZero:
            "nothing of the order is left to give back"
        case .money(.refundExceedsPayment(let left)): "only \(left) of the order is left to give back"
        case .money(.serviceNotReturnable):
            "later orders paid for time after this one's: give those back first, or say --keep-service"
        case .money(.subscriptionEnded):
            "the subscription has ended, or its paid time is over; what could not be delivered can be given back until it "
                + "has ended, with --undeliverable"
        case .money(.refundChanged(let refund)):
            "\(refund) would be given back, which is not what was expected; nothing was done"
        case .money(let refusal): "refused: \(refusal.reason)"
        }
    }
}

internal import Primitives

extension AccountAPI.OpenAPI {
    static func describe(_ endpoint: Endpoint) -> Operation {
        switch endpoint {
        case .createSession:
            Operation(
                tag: "sessions", summary: "Sign in", answer: "Session", status: 201, body: "SignIn",
                codes: [
                    .invalidEmail, .invalidPassword, .invalidCode, .invalidCredentials, .codeRequired,
                    .codeWrong,
                ])
        case .endSessions:
            Operation(tag: "sessions", summary: "End every session, this one too", answer: "SignedOut")
        case .getMe: Operation(tag: "me", summary: "Who is signed in", answer: "Person")
        case .changePassword:
            Operation(
                tag: "me", summary: "Change the password; every other session ends", answer: "NewSession",
                body: "PasswordChange", codes: proof + [.invalidNewPassword, .passwordIsTheSame])
        case .beginAuthenticator:
            Operation(
                tag: "me", summary: "Make a secret for an authenticator app", answer: "Authenticator",
                status: 201, body: "Password",
                codes: [.invalidPassword, .passwordWrong, .authenticatorIsOn])
        case .confirmAuthenticator:
            Operation(
                tag: "me",
                summary: "Show its first code: sign-in asks for one from now on; every other session ends",
                answer: "Confirmed", body: "OneTimeCode",
                codes: [.invalidCode, .codeWrong, .nothingToConfirm, .authenticatorIsOn])
        case .removeAuthenticator:
            Operation(
                tag: "me", summary: "Ask for no more codes", answer: "Person", body: "Proof",
                codes: proof + [.authenticatorIsOff])
        case .renewRecoveryCodes:
            Operation(
                tag: "me", summary: "Make new recovery codes in place of the old", answer: "RecoveryCodes",
                status: 201, body: "Proof", codes: proof + [.authenticatorIsOff])
        case .listKeys:
            Operation(
                tag: "keys", summary: "List the API keys, the newest first", answer: "Keys",
                parameters: ["Limit", "CursorID"], codes: paging)
        case .createKey:
            Operation(
                tag: "keys", summary: "Make an API key, which is shown this once", answer: "NewKey",
                status: 201,
                body: "KeyRequest", repeats: true,
                codes: proof + [
                    .invalidDialect, .invalidEnvironment, .invalidLabel, .invalidScopes, .invalidAllow,
                    .invalidExpiresAt, .tooManyKeys, .sandboxMissing,
                ])
        case .revokeKey:
            Operation(tag: "keys", summary: "Revoke an API key", answer: "Key")
        case .getBalance: Operation(tag: "money", summary: "What can be spent", answer: "Balance")
        case .listStatement:
            Operation(
                tag: "money", summary: "What moved the balance, the newest first", answer: "Statement",
                parameters: ["Reason", "From", "To", "Limit", "CursorPlace"],
                codes: paging + [.invalidReason, .invalidFrom, .invalidTo])
        case .listOrders:
            Operation(
                tag: "money", summary: "List the orders, the newest first", answer: "Orders",
                parameters: ["Kind", "OrderState", "From", "To", "Limit", "CursorID"],
                codes: paging + [.invalidKind, .invalidState, .invalidFrom, .invalidTo])
        case .getOrder:
            Operation(tag: "money", summary: "An order, what it made and its entries", answer: "OrderDetails")
        case .getReceipt:
            Operation(
                tag: "money", summary: "An order's receipt, as JSON or plain text", answer: "Receipt",
                isTextToo: true)
        case .listSubscriptions:
            Operation(
                tag: "subscriptions", summary: "List the subscriptions, the newest first",
                answer: "Subscriptions", parameters: ["State", "Plan", "Limit", "CursorID"],
                codes: paging + [.invalidState, .invalidPlan])
        case .getSubscription:
            Operation(
                tag: "subscriptions", summary: "A subscription with its periods and ports",
                answer: "SubscriptionDetails")
        case .changeSubscription:
            Operation(
                tag: "subscriptions", summary: "Change its note, and whether it renews itself",
                answer: "SubscriptionDetails", body: "SubscriptionChange",
                codes: [
                    .invalidNote, .invalidAutoRenew, .nothingToChange, .subscriptionEnded,
                    .subscriptionParked,
                ])
        case .previewRenewal:
            Operation(
                tag: "subscriptions", summary: "What its next renewal would cost", answer: "RenewalPreview",
                parameters: ["Plan", "RepeatCount", "Coupon"],
                codes: [.invalidPlan, .invalidRepeatCount, .invalidCoupon])
        case .previewOrder:
            Operation(
                tag: "subscriptions", summary: "What an order would cost with a coupon, or why not",
                answer: "OrderPreview", body: "OrderPreviewRequest",
                codes: [
                    .invalidPlan, .invalidDialect, .invalidQuantity, .invalidRepeatCount, .invalidCoupon,
                ])
        case .listTopUps:
            Operation(
                tag: "money", summary: "List the top-ups, the newest first", answer: "TopUps",
                parameters: ["TopUpState", "Limit", "CursorID"], codes: paging + [.invalidState])
        case .createTopUp:
            Operation(
                tag: "money", summary: "Ask for a page where the account is topped up", answer: "TopUp",
                status: 201, body: "TopUpRequest", repeats: true,
                codes: [.invalidAmount, .invalidSaveCard, .topUpDeclined, .topUpsNotOffered])
        case .getTopUp: Operation(tag: "money", summary: "A top-up, and what has come of it", answer: "TopUp")
        case .getAutoTopUp:
            Operation(tag: "money", summary: "Whether the wallet fills itself", answer: "AutoTopUp")
        case .setAutoTopUp:
            Operation(
                tag: "money", summary: "Let the wallet fill itself from a kept card", answer: "AutoTopUp",
                body: "AutoTopUpRequest",
                codes: [
                    .invalidAmount, .invalidThreshold, .invalidPerDay, .topUpsNotOffered, .cardMissing,
                ])
        case .stopAutoTopUp:
            Operation(tag: "money", summary: "Fill it no more", answer: "AutoTopUp")
        case .getDocument: preconditionFailure("the document says of itself what it is")
        }
    }

    private static let paging: [Code] = [.invalidLimit, .invalidCursor]

    /// What may be wrong with password and code.
    private static let proof: [Code] = [
        .invalidPassword, .invalidCode, .passwordWrong, .codeRequired, .codeWrong,
    ]
}

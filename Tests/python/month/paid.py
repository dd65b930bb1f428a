"""What is sold, ordered and paid for, as this script's own books have it. Money is in minor units, time in ms."""

import dataclasses


@dataclasses.dataclass
class Plan:
    """What is sold: so many ms, or so many months, for so much; `wholesale` is what the reseller pays for a period."""

    code: str
    network: str
    price: int
    length: int = 0
    months: int = 0
    wholesale: int = 0
    renews: bool = False


@dataclasses.dataclass
class Promise:
    """So many more renewals a quarter cheaper, for as long as the coupon's budget covers the whole discount."""

    renewals: int
    budget: int

    def take(self, price):
        """What a renewal costs, which has been one of those promised."""
        discount = price // 4
        if self.renewals == 0 or discount > self.budget:
            self.renewals = 0
            return price
        self.renewals -= 1
        self.budget -= discount
        return price - discount


@dataclasses.dataclass(eq=False)
class Order:
    """`refunded` is what went back of the total, `returned` what the reseller got back of the wholesale price."""

    customer: str
    kind: str
    total: int
    wholesale: int
    refunded: int = 0
    returned: int = 0


@dataclasses.dataclass
class Term:
    """One paid period with its share of the order; `cut` is where its time was taken back from."""

    start: int
    end: int
    amount: int
    order: Order
    cut: int | None = None

    def worth(self, moment):
        """What its time from a moment on is worth, in proportion; the odd part stays with who served."""
        left = max(0, self.end - max(moment, self.start))
        return self.amount * left // (self.end - self.start)

    @property
    def kept(self):
        """What is still paid of it, served or not."""
        return self.amount - (0 if self.cut is None else self.worth(self.cut))

    @property
    def until(self):
        return self.end if self.cut is None else self.cut


@dataclasses.dataclass
class Subscription:
    """`tried` is when the next automatic renewal is due, if any is; `over` is true of what was ended before its time."""

    id: str
    customer: str
    plan: Plan
    terms: list
    trial: bool = False
    anchor: int = 0
    months: int = 0
    tried: int | None = None
    promise: Promise | None = None
    over: bool = False

    @property
    def served(self):
        """The periods that serve any time, or did."""
        return [term for term in self.terms if term.until > term.start]

    @property
    def end(self):
        return self.served[-1].until if self.served else self.terms[0].start


class Wallet:
    """One customer's money, by what moved it."""

    def __init__(self, opening):
        self.opening, self.credited, self.charged, self.refunded = opening, 0, 0, 0

    @property
    def balance(self):
        return self.opening + self.credited - self.charged + self.refunded

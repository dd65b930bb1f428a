"""The books that this script keeps by itself: what Tollgate says and has written is held against them."""

from almanac import DAY, HOUR, months_after
from expecting import between, same
from paid import Order, Subscription, Term, Wallet


class Books:
    """One sandbox's customers, orders and subscriptions, by rules written down here once more."""

    def __init__(self, zone, grace, opening, customers):
        self.zone, self.grace = zone, grace
        self.wallets = {name: Wallet(opening) for name in customers}
        self.subscriptions, self.orders = {}, []
        self.wholesale = 0

    def credited(self, customer, amount):
        self.wallets[customer].credited += amount

    def bought(self, customer, plan, ids, ends, window, total, times=1):
        """One order for all of `ids`; each lasts exactly as long as was paid for, from a moment within the window."""
        order = self._order(customer, "purchase", total, plan.wholesale * len(ids) * times)
        shares = split(total, len(ids) * times)
        for index, (name, end) in enumerate(zip(ids, ends, strict=True)):
            start = self._start(plan, times, end, window)
            bought = Subscription(name, customer, plan, [])
            if plan.months:
                bought.anchor = start
            self.subscriptions[name] = bought
            self._extend(bought, plan, start, shares[index * times:(index + 1) * times], order)
            if plan.renews:
                bought.tried = first_try(bought)

    def tried_out(self, customer, plan, name, end, length, window):
        order = self._order(customer, "trial", 0, 0)
        between(f"the start of {customer}'s trial", *window, end - length)
        self.subscriptions[name] = Subscription(
            name, customer, plan, [Term(end - length, end, 0, order)], trial=True)

    def renewed(self, name, end, window, by="renewal"):
        """One more period of its own plan, from its end or, where that is past, from now."""
        it = self.subscriptions[name]
        late = it.end < window[0]
        start = self._start(it.plan, 1, end, window) if late else it.end
        if late and it.plan.months:
            it.anchor, it.months = start, 0
        price = it.promise.take(it.plan.price) if it.promise else it.plan.price
        self._extend(it, it.plan, start, [price], self._order(it.customer, by, price, it.plan.wholesale))
        same(f"the end of {it.customer}'s {it.plan.code} after its renewal", it.end, end)
        if it.tried is not None:
            it.tried = first_try(it)

    def due(self, now):
        """What a run of the job finds at this moment; what has run past its grace is not charged any more."""
        return [it for it in self.subscriptions.values()
                if it.tried is not None and it.tried <= now and now < it.end + self.grace]

    def affordable(self, due):
        """Whether each of these can be paid; the story sees to it that a wallet holds enough for all of its own or none."""
        paid = {name: wallet.balance for name, wallet in self.wallets.items()}
        renewed, failed = [], []
        for it in due:
            if paid[it.customer] >= it.plan.price:
                paid[it.customer] -= it.plan.price
                renewed.append(it)
            else:
                failed.append(it)
        return renewed, failed

    def put_off(self, it, now):
        """When what could not be paid is tried again: at the end, six hours later, then daily."""
        late = now - it.end
        wait = 0 if late < 0 else 6 * HOUR if late < 6 * HOUR else (late // DAY + 1) * DAY
        it.tried = min(it.end + wait, it.end + self.grace)

    def ended(self, now):
        return [it for it in self.subscriptions.values() if it.over or it.end + self.grace <= now]

    def live(self, customer, now):
        return {it.id: it.end for it in self.subscriptions.values() if it.customer == customer and now < it.end}

    def _order(self, customer, kind, total, wholesale):
        self.wallets[customer].charged += total
        self.wholesale += wholesale
        self.orders.append(Order(customer, kind, total, wholesale))
        return self.orders[-1]

    def _start(self, plan, times, end, window):
        """The moment of the order, told by the end of what it paid for."""
        if not plan.months:
            start = end - plan.length * times
        else:
            start = window[0] + end - months_after(window[0], plan.months * times, self.zone)
        between(f"the start of a {plan.code} that ends at {end}", *window, start)
        return start

    def _extend(self, it, plan, start, shares, order):
        for share in shares:
            if plan.months:
                it.months += plan.months
                end = months_after(it.anchor, it.months, self.zone)
            else:
                end = start + plan.length
            it.terms.append(Term(start, end, share, order))
            start = end


def split(total, count):
    """Shares that differ by one at most, the larger ones first."""
    return [total // count + (1 if index < total % count else 0) for index in range(count)]


def first_try(it):
    last = it.served[-1]
    return last.end - min(HOUR, (last.end - last.start) // 2)

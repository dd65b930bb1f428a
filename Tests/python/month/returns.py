"""What goes back of what was paid, by rules written down here once more: docs/refunds.md has Tollgate's."""

from books import first_try


class Returns:
    """Gives back out of one sandbox's books."""

    def __init__(self, books):
        self.books = books

    def give(self, order, amount):
        """So much of an order; wholesale in the same proportion, rounded down, and the rest of it with the last."""
        order.refunded += amount
        due = order.wholesale if order.refunded == order.total else order.wholesale * order.refunded // order.total
        self.books.wholesale -= due - order.returned
        order.returned = due
        self.books.wallets[order.customer].refunded += amount

    def give_whole(self, order, moment):
        """All that is left of an order, with the time that it paid for and that is still to come."""
        amount = order.total - order.refunded
        self.give(order, amount)
        for it in self.paid_by(order):
            self._cut(it, moment, [term for term in it.terms if term.order is order])
        return amount

    def cancel(self, it, moment):
        """What the time from a moment on is worth; (order, amount) of each that gives something back."""
        worth = self._by_order(it, lambda term: term.worth(moment) if term.cut is None else 0)
        self._cut(it, moment, it.terms)
        return self._give_all(worth)

    def undo(self, it, moment):
        """All that is still paid for what could not be delivered, served or not."""
        worth = self._by_order(it, lambda term: term.kept)
        self._cut(it, moment, it.terms)
        return self._give_all(worth)

    def paid_by(self, order):
        """The subscriptions of which an order paid anything."""
        return [it for it in self.books.subscriptions.values() if any(term.order is order for term in it.terms)]

    def _by_order(self, it, worth):
        found = {}
        for term in it.terms:
            found[term.order] = found.get(term.order, 0) + worth(term)
        return found

    def _give_all(self, worth):
        """Never more of an order than is left of it."""
        due = [(order, min(amount, order.total - order.refunded)) for order, amount in worth.items()]
        given = [(order, amount) for order, amount in due if amount > 0]
        for order, amount in given:
            self.give(order, amount)
        return given

    def _cut(self, it, moment, terms):
        for term in terms:
            if term.cut is None and moment < term.end:
                term.cut = max(moment, term.start)
        it.over = it.end <= moment
        if it.tried is not None:
            # What would be tried at once is not tried any more.
            it.tried = None if it.over or first_try(it) <= moment else first_try(it)

"""Dan's month: what was paid goes back in every way there is, and orders wait for money from outside."""

from expecting import same


class Dan:
    """`days` names what is done at noon, beside the story of the others."""

    def __init__(self, stage):
        self.stage, self.act, self.desk, self.tell = stage, stage.act, stage.desk, stage.tell
        self.plans = stage.plans
        self.dan = next(it for it in stage.customers if it.name == "dan")
        self.days = {
            1: self.opening, 2: self.part_goes_back, 3: self.renewal_by_hand, 4: self.renewal_goes_back,
            5: self.another_month, 9: self.purchase_goes_back, 11: self.ended_with_its_time, 16: self.ended_now,
            18: self.not_delivered, 20: self.orders_that_wait, 22: self.money_too_late,
        }

    def opening(self):
        self.month = self.act.buys(self.dan, self.plans["month"], 1200_00)[0]
        self.weeks = self.act.buys(self.dan, self.plans["week"], 800_00, quantity=2)
        self.tell("dan buys a month and two weeks")

    def part_goes_back(self):
        self.desk.gives_back(self.weeks[0], 0, "dan-slow", part=12_34)
        self.tell("12.34 of dan's weeks go back, asked for twice under one key; the weeks go on")

    def renewal_by_hand(self):
        self.act.renews(self.dan, self.weeks[0])
        self.tell("dan renews the first of the weeks")

    def renewal_goes_back(self):
        order = self.desk.orders(self.weeks[0])[0]
        self.desk.refused(
            "a refund from under a later renewal", "later orders paid for time after this one's", "order", "refund", order)
        self.desk.gives_back(self.weeks[0], 1, "dan-renewal")
        self.tell("dan's renewal goes back whole, what it was built upon does not; the week ends when it did, and renews itself")

    def another_month(self):
        self.second = self.act.buys(self.dan, self.plans["month"], 1200_00)[0]
        self.tell("dan buys a second month")

    def purchase_goes_back(self):
        self.desk.gives_back(self.second, 0, "dan-second")
        self.desk.refused(
            "a refund of what has gone back", "nothing of the order is left", "order", "refund",
            self.desk.orders(self.second)[0])
        self.tell("dan's second month goes back whole, and ends")

    def ended_with_its_time(self):
        self.desk.cancels(self.weeks[1], "at-end", "dan-leaves")
        self.tell("the second of dan's weeks is cancelled, and will end with its paid time")

    def ended_now(self):
        cancel = ["subscription", "cancel", self.month, "--now"]
        self.desk.refused(
            "a cancellation for another amount", "which is not what was expected", *cancel, "--expect", "0.01")
        self.desk.cancels(self.month, "now", "dan-month")
        self.desk.refused("a second cancellation", "has ended", *cancel)
        self.tell("dan's month is cancelled in its middle; what is not served goes back to the kopeck")

    def not_delivered(self):
        self.desk.cancels(self.weeks[0], "undeliverable", "dan-undelivered")
        self.tell("the first of dan's weeks never worked, it turns out: all three orders of it go back")

    def orders_that_wait(self):
        first, self.late = (self.desk.lets_wait(self.dan, self.plans["week"]) for _ in range(2))
        self.desk.settles(self.dan, self.plans["week"], first, "psp-1")
        self.tell("two orders of dan's wait for a card; the money of one comes, reported twice, and it is bought")

    def money_too_late(self):
        self.desk.settles_too_late(self.dan, self.plans["week"], self.late, "psp-2")
        self.tell("the money of dan's other order comes when that has expired: dan has the money, not the week")

    def at_the_end(self, books):
        same("orders that waited in vain", 1, self.stage.orders_expired)
        mine = [it for it in books.subscriptions.values() if it.customer == "dan"]
        same("what dan had that was ended before its time", ["month", "month", "week"],
             sorted(it.plan.code for it in mine if it.over))
        week = books.subscriptions[self.weeks[1]]
        same("periods of the week that was to end with its paid time", (2, False), (len(week.terms), week.over))

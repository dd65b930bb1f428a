"""What happens on which day of the month. Everything else in this folder says whether it happened rightly."""

from almanac import moment, months_after
from expecting import comes_to, same
from paid import Promise


class Story:
    """Luna's month from 31 January: `days` names what is done at noon; renewals run before noon by themselves."""

    def __init__(self, stage):
        self.stage, self.act, self.tell = stage, stage.act, stage.tell
        self.plans, self.customers = stage.plans, {it.name: it for it in stage.customers}
        self.ann, self.ben = self.customers["ann"], self.customers["ben"]
        self.cid, self.eve = self.customers["cid"], self.customers["eve"]
        self.days = {
            0: self.opening, 2: self.coupon_and_full_gateway, 3: self.sold_out, 4: self.coupon_used_up,
            6: self.renewal_by_hand, 7: self.money_that_comes_in_time, 8: self.service_extended, 9: self.one_week_more,
            10: self.new_price, 12: self.renewal_at_the_new_price, 15: self.freed_port, 22: self.another_renewal,
            28: self.too_little_money,
        }

    def opening(self):
        self.act.tries(self.ann, self.plans["month"])
        self.act.refused("a second trial", self.ann.do("trial", planId=self.plan(self.ann, "month")), 409, "trial_used")
        self.act.refused(
            "a trial without the right to it", self.ben.do("trial", planId=self.plan(self.ben, "month")), 403, "forbidden")
        self.act.buys(self.ann, self.plans["month"], 1200_00, once="ann-month")
        self.act.buys(self.ben, self.plans["quarter"], 3500_00)
        self.act.buys(self.ben, self.plans["week"], 200_00, once="ben-week", couponCode="HALF")
        self.act.buys(self.eve, self.plans["quarter"], 3500_00)
        self.weeks = self.act.buys(self.eve, self.plans["week"], 1200_00, quantity=3)
        self.service = self.act.orders_service(self.cid, self.plans["v4"], once="cid-v4")
        self.tell("ann tries a month and buys one, ben and eve buy quarters and weeks (ben's first at half price), "
                  "cid a service; keys repeated, a second trial and one without the right to it refused")

    def coupon_and_full_gateway(self):
        self.scarce = self.act.buys(self.ann, self.plans["scarce"], 300_00, quantity=2, couponCode="half")
        self.tell("ann buys both ports in Berlin with the last use of HALF")

    def sold_out(self):
        for who in [self.eve, self.ann]:
            answer = who.do("purchase", planId=self.plan(who, "scarce"))
            self.act.refused(f"{who.name}'s purchase of what is full", answer, 409, "sold_out")
        self.tell("Berlin is full: eve and ann are refused")

    def coupon_used_up(self):
        for code in ["HALF", "NEVER"]:
            answer = self.eve.do("purchase", planId=self.plan(self.eve, "scarce"), couponCode=code)
            self.act.refused(f"the coupon {code}", answer, 400, "invalid_coupon_code")
        self.tell("HALF is used up: eve is refused, not charged the full price")

    def renewal_by_hand(self):
        self.act.renews(self.ann, self.scarce[0], once="ann-scarce")
        self.tell("ann renews one of her ports in Berlin, asking twice under one key")

    def money_that_comes_in_time(self):
        self.stage.credit("eve", 5000_00, "eve-1")
        self.stage.advance("--by", "5m")
        renewed, failed = self.stage.renewals()
        same("weeks of eve renewed once there was money", (3, 0), (renewed, failed))
        self.tell("eve's three weeks could not be renewed; she pays 5000 in time, reported twice, and they are")

    def service_extended(self):
        self.act.extends(self.cid, self.service, once="cid-extends")
        self.tell("cid extends the service")

    def one_week_more(self):
        answer = self.eve.do("purchase", planId=self.plan(self.eve, "week"), couponCode="PROMISE")
        self.act.refused("a coupon of somebody else's", answer, 400, "invalid_coupon_code")
        self.week = self.act.buys(self.ann, self.plans["week"], 300_00, couponCode="PROMISE")[0]
        self.stage.books.subscriptions[self.week].promise = Promise(renewals=3, budget=150_00)
        self.tell("ann buys a week a quarter cheaper, with the promise of three such renewals; eve may not")

    def new_price(self):
        same("what apply changes", True, self.stage.apply_price("week", 500_00))
        self.tell("a week costs 500 from now on; what is paid stays as it was paid")

    def renewal_at_the_new_price(self):
        self.act.renews(self.ann, self.week, once="ann-week")
        answer = self.ann.do("renew", subscriptionId=self.weeks[0], planId=self.plan(self.ann, "week"))
        self.act.refused("a renewal of somebody else's", answer, 404, "subscription_not_found")
        self.stage.renew_automatically(self.service)
        self.tell("ann renews her week at the new price, a quarter cheaper; cid's service renews itself from now on")

    def freed_port(self):
        comes_to("ports of Berlin on the shelf", 1, lambda: self.stage.house.ready_ports("luna-ber"))
        self.act.buys(self.eve, self.plans["scarce"], 300_00)
        answer = self.eve.do("purchase", planId=self.plan(self.eve, "scarce"))
        self.act.refused("a third port in Berlin", answer, 409, "sold_out")
        self.tell("the port that ann let go has rested; eve buys it, and Berlin is full again")

    def another_renewal(self):
        self.act.renews(self.eve, self.weeks[0])
        self.tell("eve renews one of her weeks by hand")

    def too_little_money(self):
        answer = self.cid.do(f"services/{self.service}/extend", once="cid-once-more")
        self.act.refused("an extension without the money", answer, 402, "insufficient_balance")
        answer = self.ben.do("purchase", planId=self.plan(self.ben, "week"))
        self.act.refused("a purchase without the money", answer, 402, "insufficient_balance")
        self.tell("cid and ben cannot pay, and nothing is charged")

    def at_the_end(self, books):
        """What the month was written for has to have happened."""
        kinds = {it.kind for it in books.orders}
        same("kinds of orders", {"purchase", "renewal", "automatic", "trial"}, kinds)
        same("coupons told to be over, once: HALF in uses, PROMISE in money", 2, self.stage.coupons_told)
        same("idempotency keys of the first day that are forgotten", 3, self.stage.keys_forgotten)
        # Nobody has switched them off: they were tried until the last.
        ended = [
            it for it in books.ended(self.stage.clock.now()) if it.plan.code == "week" and it.tried is not None]
        same("weeks that ended for want of money", ["ben", "eve", "eve"], sorted(it.customer for it in ended))
        month = next(it for it in books.subscriptions.values() if it.plan.code == "month" and not it.trial)
        ends = [moment(term.end, books.zone).strftime("%m-%d") for term in month.terms]
        same("ends of ann's month", [self.last_of_february(), "03-31"], ends)

    def last_of_february(self):
        """29 February where the year has one."""
        return moment(months_after(self.stage.begin, 1, self.stage.zone), self.stage.zone).strftime("%m-%d")

    def plan(self, who, code):
        return self.act.plan_id(who, self.plans[code])

"""What holds at every midnight: the invariants, and that whatever can be asked says what the books say."""

import time

from expecting import comes_to, same

# Live tenants' rows that may change while a sandbox is played: what `apply` writes for a new price, the record of it, and what a
# worker saw.
NOT_COMPARED = {"plans", "plan_versions", "audit_log", "gateway_states"}

MS = "(extract(epoch FROM {}) * 1000)::bigint"

ORDERS = """
    SELECT c.username, CASE WHEN e.actor = 'auto-renewal' THEN 'automatic' ELSE o.kind END AS kind, o.total_minor,
        o.refunded_minor, o.wholesale_refunded_minor
    FROM orders o JOIN tenants t ON t.id = o.tenant_id JOIN customers c ON (c.tenant_id, c.id) = (o.tenant_id, o.customer_id)
    LEFT JOIN journal_entries e ON (e.tenant_id, e.order_id) = (o.tenant_id, o.id) AND e.reason = o.kind
    WHERE t.slug = '{tenant}'"""

TERMS = f"""
    SELECT c.username, {MS.format('r.starts_at')} AS starts, {MS.format('r.ends_at')} AS ends, r.amount_minor,
        {MS.format('r.cut_at')} AS cut
    FROM terms r JOIN tenants t ON t.id = r.tenant_id
    JOIN subscriptions s ON (s.tenant_id, s.id) = (r.tenant_id, r.subscription_id)
    JOIN customers c ON (c.tenant_id, c.id) = (s.tenant_id, s.customer_id) WHERE t.slug = '{{tenant}}'"""

ENDED = f"""
    SELECT c.username, {MS.format('s.active_until')} AS until FROM subscriptions s JOIN tenants t ON t.id = s.tenant_id
    JOIN customers c ON (c.tenant_id, c.id) = (s.tenant_id, s.customer_id)
    WHERE t.slug = '{{tenant}}' AND s.ended_at IS NOT NULL"""

LENT = """
    SELECT count(*) AS ports FROM allocations a JOIN tenants t ON t.id = a.tenant_id
    WHERE t.slug = '{tenant}' AND a.released_at IS NULL"""

ACCOUNTS = """
    SELECT a.role, sum(a.balance_minor)::bigint AS balance FROM accounts a JOIN tenants t ON t.id = a.tenant_id
    WHERE t.slug = '{tenant}' GROUP BY a.role"""


class Audit:
    """Holds one sandbox against its books."""

    def __init__(self, house, tenant, clock, books, customers):
        self.house, self.tenant, self.clock, self.books, self.customers = house, tenant, clock, books, customers
        self.accounts = self._accounts()

    def balances(self):
        """Every wallet, by the command line."""
        found = self.house.say("customer", "list", "--tenant", self.tenant)
        return {it["username"]: minor(it["balance"]) for it in found}

    def money(self, when):
        expected = {name: wallet.balance for name, wallet in self.books.wallets.items()}
        same(f"{self.tenant}: wallets {when}", expected, self.balances())

    def all(self, when):
        self.money(when)
        self._services(when)
        self._orders(when)
        self._ledger(when)

    def _services(self, when):
        for customer in self.customers:
            comes_to(
                f"{self.tenant}: what {customer.name} holds {when}",
                self.books.live(customer.name, self.clock.now()), customer.held)
            if customer.dialect == "opproxy":
                whole = self.books.wallets[customer.name].balance // 100
                same(f"{self.tenant}: {customer.name}'s own balance {when}", whole, customer.balance())
        ended = sorted([it.customer, it.end] for it in self.books.ended(self.clock.now()))
        comes_to(
            f"{self.tenant}: what has ended {when}", ended,
            lambda: sorted([it["username"], it["until"]] for it in self._rows(ENDED)))
        # Every subscription of this story has one port, for as long as it has not ended.
        comes_to(
            f"{self.tenant}: ports lent {when}", len(self.books.subscriptions) - len(ended),
            lambda: self._rows(LENT)[0]["ports"])

    def _orders(self, when):
        orders = sorted([it.customer, it.kind, it.total, it.refunded, it.returned] for it in self.books.orders)
        found = sorted(list(it.values()) for it in self._rows(ORDERS))
        same(f"{self.tenant}: orders {when}", orders, found)
        terms = [
            [it.customer, term.start, term.end, term.amount, term.cut]
            for it in self.books.subscriptions.values() for term in it.terms]
        found = [list(it.values()) for it in self._rows(TERMS)]
        terms, found = (sorted(each, key=lambda row: [*row[:4], row[4] or 0]) for each in [terms, found])
        same(f"{self.tenant}: periods {when}", terms, found)

    def _ledger(self, when):
        wallets = self.books.wallets.values()
        moved = {
            "wallet": sum(it.balance - it.opening for it in wallets),
            "revenue": sum(it.charged - it.refunded for it in wallets),
            "outside": sum(it.credited for it in wallets),
            "float": -self.books.wholesale, "platform_revenue": self.books.wholesale,
        }
        expected = {role: at_first + moved.get(role, 0) for role, at_first in self.accounts.items()}
        same(f"{self.tenant}: accounts {when}", expected, self._accounts())

    def _accounts(self):
        return {it["role"]: it["balance"] for it in self._rows(ACCOUNTS)}

    def _rows(self, query):
        return self.house.rows(query.format(tenant=self.tenant))


class LiveRows:
    """A digest of every row of the live tenants, of every table that has tenants."""

    def __init__(self, house):
        self.house = house
        found = house.rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
            "AND c.relnamespace = 'public'::regnamespace ORDER BY 1")
        self.tables = [it["relname"] for it in found if it["relname"] not in NOT_COMPARED]
        self.first = self.look()

    def at_rest(self):
        """Whether nothing was written for a while; from then on nothing may be."""
        former = self.first
        time.sleep(0.6)
        self.first = self.look()
        return former == self.first

    def look(self):
        each = " UNION ALL ".join(
            f"SELECT '{table}' AS name, count(*) AS rows, md5(string_agg(x::text, '|' ORDER BY x::text)) AS digest "
            f"FROM {table} x WHERE x.tenant_id IN (SELECT id FROM tenants WHERE sandbox_of IS NULL)"
            for table in self.tables)
        return {it["name"]: (it["rows"], it["digest"]) for it in self.house.rows(each)}

    def unchanged(self, when):
        found = self.look()
        changed = [name for name in self.tables if found[name] != self.first[name]]
        same(f"live tenants' tables that have changed {when}", [], changed)


def minor(text):
    """`1200.50 RUB` in kopecks; the currencies of this story have two decimals."""
    amount, _ = text.split(" ")
    whole, part = amount.split(".")
    return int(whole) * 100 + int(part)


def decimal(amount):
    """Kopecks as a command takes them."""
    return f"{amount // 100}.{amount % 100:02}"

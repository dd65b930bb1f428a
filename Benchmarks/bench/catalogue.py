"""The tenants, customers and keys of the benchmark, as a catalogue that `tollgate apply` takes."""

TENANTS = 50
CUSTOMERS = 200
FIRST_PORT = 2_000


def slug(tenant):
    return f"many-{tenant:02}"


def key(tenant, customer):
    """The API key of a customer; `hot` has one customer."""
    name = f"t{tenant:02}c{customer:03}" if tenant is not None else "hot"
    return "rk_" + name.ljust(40, "0")


def write(path, slots_each, hot_slots):
    with open(path, "w") as out:
        out.write("tenants:\n")
        for tenant in range(TENANTS):
            customers = [(f"c{n}", key(tenant, n)) for n in range(CUSTOMERS)]
            out.write(_tenant(slug(tenant), tenant, slots_each, customers))
        out.write(_tenant("hot", TENANTS, hot_slots, [("hot", key(None, 0))]))


def _tenant(slug, number, slots, customers):
    lines = [
        f"  - slug: {slug}",
        f"    name: Bench {slug}",
        "    currency: USD",
        "    timezone: Europe/Amsterdam",
        '    wholesale: {float: "1000000000.00 USD"}',
        "    networks:",
        "      - {code: SIM, city: Nowhere, country: NL, type: datacenter, exit_class: datacenter}",
        "    gateways:",
    ]
    ports = 60_000
    for gateway in range((slots + ports - 1) // ports):
        last = FIRST_PORT + min(ports, slots - gateway * ports) - 1
        lines.append(
            f"      - {{name: sim-{gateway}, network: SIM, host: 127.1.{number}.{gateway + 1}, "
            f"ports: {FIRST_PORT}-{last}, protocols: [http, socks5], driver: simulated}}")
    lines += [
        "    plans:",
        '      - {code: sim-30d, name: Simulated 30 days, product: proxy, connection: private, network: SIM, '
        'duration: 30d, price: "1.00 USD", wholesale_price: "0.60 USD", rotation: [0, 5, 10], sells_in: [gate]}',
    ]
    for days in (1, 7, 60, 90):
        lines.append(
            f'      - {{code: sim-{days}d, name: Simulated {days} days, product: proxy, connection: private, '
            f'network: SIM, duration: {days}d, price: "{days}.00 USD", sells_in: [gate]}}')
    lines.append("    customers:")
    for name, secret in customers:
        lines += [
            f"      - email: {name}@{slug}.test",
            f"        username: {name}",
            '        balance: "100000000.00 USD"',
            f"        keys: [{{dialect: gate, key: {secret}, rate_limit: off}}]",
        ]
    return "\n".join(lines) + "\n"

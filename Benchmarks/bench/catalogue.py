"""The tenants, customers and keys of the benchmark, as a catalogue that `tollgate apply` takes."""

TENANTS = 50
CUSTOMERS = 200
FIRST_PORT = 2_000
# Three networks, a gateway on each, as a plan of OP-Proxy's IPv6 services has them.
COUNTRIES = ("NL", "DE", "AT")
# Never refuses here, and is counted all the same.
COUNTED = "999999999/1m"


def slug(tenant):
    return f"many-{tenant:02}"


def wide_slug(tenant):
    """A tenant who sells services of three networks."""
    return f"wide-{tenant:02}"


def key(tenant, customer, kind="free"):
    """The API key of a customer, without a limit or (`counted`) with one; `hot` has one customer."""
    name = f"t{tenant:02}c{customer:03}" if tenant is not None else "hot"
    return "rk_" + (name + {"free": "", "counted": "x"}[kind]).ljust(40, "0")


def wide_key(tenant, customer):
    return "opx_live_" + f"{tenant:02}{customer:03}".ljust(32, "0")


def write(path, slots_each, hot_slots, wide_slots):
    """`wide_slots`: of each of the three networks of each tenant."""
    with open(path, "w") as out:
        out.write("tenants:\n")
        for tenant in range(TENANTS):
            customers = [
                (f"c{n}", [f"{{dialect: gate, key: {key(tenant, n)}, rate_limit: off}}",
                           f"{{dialect: gate, key: {key(tenant, n, 'counted')}, rate_limit: {COUNTED}}}"])
                for n in range(CUSTOMERS)]
            out.write(_tenant(slug(tenant), tenant, slots_each, customers))
        out.write(_tenant("hot", TENANTS, hot_slots, [
            ("hot", [f"{{dialect: gate, key: {key(None, 0)}, rate_limit: off}}"])]))
        if wide_slots:
            for tenant in range(TENANTS):
                out.write(_wide_tenant(tenant, wide_slots))


def _tenant(slug, number, slots, customers):
    lines = _head(slug, "USD") + [
        "    networks:",
        "      - {code: SIM, city: Nowhere, country: NL, type: datacenter, exit_class: datacenter}",
        "    gateways:",
    ]
    ports = 60_000
    for gateway in range((slots + ports - 1) // ports):
        last = FIRST_PORT + min(ports, slots - gateway * ports) - 1
        lines.append(_gateway(f"sim-{gateway}", "SIM", f"127.1.{number}.{gateway + 1}", last))
    lines += [
        "    plans:",
        '      - {code: sim-30d, name: Simulated 30 days, product: proxy, connection: private, network: SIM, '
        'duration: 30d, price: "1.00 USD", wholesale_price: "0.60 USD", rotation: [0, 5, 10], sells_in: [gate]}',
    ]
    for days in (1, 7, 60, 90):
        lines.append(
            f'      - {{code: sim-{days}d, name: Simulated {days} days, product: proxy, connection: private, '
            f'network: SIM, duration: {days}d, price: "{days}.00 USD", sells_in: [gate]}}')
    return "\n".join(lines + _customers(slug, "USD", customers)) + "\n"


def _wide_tenant(number, slots):
    if slots > 60_000:
        raise SystemExit("bench: so many purchases of three slots need more gateways than one a network")
    slug = wide_slug(number)
    lines = _head(slug, "RUB") + ["    networks:"]
    lines += [f"      - {{code: {code}, city: {code}, country: {code}, type: datacenter, exit_class: datacenter}}"
              for code in COUNTRIES]
    lines.append("    gateways:")
    lines += [_gateway(code.lower(), code, f"127.2.{number}.{place + 1}", FIRST_PORT + slots - 1)
              for place, code in enumerate(COUNTRIES)]
    lines += [
        "    plans:",
        f"      - {{code: v6, name: IPv6, product: ipv6_rotating, networks: [{', '.join(COUNTRIES)}], duration: 30d, "
        'threads: 200, price: "1 RUB", wholesale_price: "0.60 RUB", countries: [mixed, nl, de, at], '
        'rotations: [instant, "5m"], sells_in: [opproxy]}',
    ]
    customers = [(f"c{n}", [f"{{dialect: opproxy, key: {wide_key(number, n)}, rate_limit: off}}"])
                 for n in range(CUSTOMERS)]
    return "\n".join(lines + _customers(slug, "RUB", customers)) + "\n"


def _head(slug, currency):
    return [
        f"  - slug: {slug}",
        f"    name: Bench {slug}",
        f"    currency: {currency}",
        "    timezone: Europe/Amsterdam",
        f'    wholesale: {{float: "1000000000.00 {currency}"}}',
    ]


def _gateway(name, network, host, last):
    return (f"      - {{name: {name}, network: {network}, host: {host}, ports: {FIRST_PORT}-{last}, "
            "protocols: [http, socks5], driver: simulated}")


def _customers(slug, currency, customers):
    lines = ["    customers:"]
    for name, keys in customers:
        lines += [
            f"      - email: {name}@{slug}.test",
            f"        username: {name}",
            f'        balance: "100000000.00 {currency}"',
            f"        keys: [{', '.join(keys)}]",
        ]
    return lines

"""Holds what Tollgate made of addresses and networks against Python's ipaddress.

Each line of the file: the text, what it was read as (`-` where it was refused), an address, whether it lies in it.
"""

import ipaddress
import re
import sys


def read(text):
    """The network, `None` where it is to be refused."""
    address, slash, length = text.partition("/")
    # Python takes zones, masks and lengths with leading zeros; the catalogue does not.
    if "%" in text or (slash and not re.fullmatch("0|[1-9][0-9]{0,2}", length)):
        return None
    try:
        ipaddress.ip_address(address)
        network = ipaddress.ip_network(text, strict=True)
    except ValueError:
        return None
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is not None and network.prefixlen >= 96:
        return ipaddress.ip_network((mapped, network.prefixlen - 96))
    return network


def spelling(network):
    alone = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if alone else str(network)


def main():
    known = 0
    for line in open(sys.argv[1], encoding="utf-8"):
        text, said, address, held = line.rstrip("\n").split("\t")
        network = read(text)
        wanted = spelling(network) if network is not None else "-"
        assert said == wanted, f"{text!r} was read as {said}, Python reads {wanted}"
        if network is None:
            continue
        known += 1
        lies_in = ipaddress.ip_address(address) in network
        assert lies_in == (held == "1"), f"{address} in {network}: Python says {lies_in}"
    assert known > 1000, f"only {known} were networks at all"


main()

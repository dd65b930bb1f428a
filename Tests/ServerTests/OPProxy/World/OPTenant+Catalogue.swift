extension OPTenant {
    /// The tenant's part of a catalogue file. Amsterdam has 12 ports, Frankfurt 10, Vienna 6, Oslo 1, Paris none.
    static func yaml(_ slug: String) -> String {
        """
          - slug: \(slug)
            name: \(slug) proxies
            currency: RUB
            timezone: Europe/Moscow
            hosts: [{host: op.\(slug).test, dialect: opproxy}, {host: gate.\(slug).test, dialect: gate}]
            networks:
              - {code: NL, city: Amsterdam, country: NL, type: datacenter, exit_class: datacenter}
              - {code: DE, city: Frankfurt, country: DE, type: datacenter, exit_class: datacenter}
              - {code: AT, city: Vienna, country: AT, type: datacenter, exit_class: datacenter}
              - {code: "NO", city: Oslo, country: "NO", type: datacenter, exit_class: datacenter}
              - {code: FR, city: Paris, country: FR, type: datacenter, exit_class: datacenter}
              - {code: ES, city: Madrid, country: ES, type: datacenter, exit_class: datacenter, active: false}
            gateways:
              - {name: nl-1, network: NL, host: nl.\(slug).example.com, ports: 21001-21012, protocols: [http, socks5]}
              - {name: de-1, network: DE, host: de.\(slug).example.com, ports: 22001-22010, protocols: [http, socks5]}
              - {name: at-1, network: AT, host: at.\(slug).example.com, ports: 23001-23006, protocols: [http, socks5]}
              - {name: no-1, network: "NO", host: no.\(slug).example.com, ports: 24001-24001, protocols: [http]}
            plans:
              - {code: v4, name: IPv4 Rotating 100 threads, product: ipv4_rotating, networks: [NL], duration: 30d,
                 threads: 100, price: "1500 RUB", countries: [mixed, nl], rotations: [instant], sells_in: [opproxy]}
              - {code: v6, name: IPv6 Rotating 200 threads, product: ipv6_rotating, networks: [NL, DE, AT], duration: 30d,
                 threads: 200, price: "900 RUB", countries: [mixed, nl, de, at, us],
                 rotations: [instant, "5m", "10m", "30m"], sells_in: [opproxy]}
              - {code: scarce, name: Two of one, product: ipv6_rotating, networks: [NL, "NO"], duration: 30d, threads: 10,
                 price: "100 RUB", countries: [mixed], rotations: [instant], sells_in: [opproxy]}
              - {code: nowhere, name: Half of nothing, product: ipv6_rotating, networks: [NL, FR], duration: 30d,
                 threads: 10, price: "100 RUB", countries: [mixed], rotations: [instant], sells_in: [opproxy]}
              - {code: closed, name: A closed network, product: ipv4_rotating, networks: [ES], duration: 30d, threads: 10,
                 price: "100 RUB", countries: [mixed], rotations: [instant], sells_in: [opproxy]}
              - {code: kopecks, name: A price in kopecks, product: ipv4_rotating, networks: [NL], duration: 30d,
                 threads: 10, price: "99.50 RUB", countries: [mixed], rotations: [instant], sells_in: [opproxy]}
              - {code: hours, name: Half a day, product: ipv4_rotating, networks: [NL], duration: 12h, threads: 10,
                 price: "50 RUB", countries: [mixed], rotations: [instant], sells_in: [opproxy]}
              - {code: retired, name: No longer sold, product: ipv4_rotating, networks: [NL], duration: 30d, threads: 10,
                 price: "100 RUB", countries: [mixed], rotations: [instant], sells_in: [opproxy], active: false}
              - {code: elsewhere, name: A port, product: proxy, connection: private, network: NL, duration: 30d,
                 price: "300 RUB", sells_in: [gate]}
              - {code: both, name: A port at two doors, product: proxy, connection: private, network: NL, duration: 30d,
                 price: "300 RUB", sells_in: [gate, opproxy]}
            customers:
              - {email: carol@example.com, username: carol, balance: "150000.00 RUB", keys: [
                  {dialect: opproxy, key: \(key("carol", slug))}, {dialect: gate, key: \(gateKey("carol", slug))}]}
              - {email: dave@example.com, username: dave, balance: "899.99 RUB", keys: [
                  {dialect: opproxy, key: \(key("dave", slug))}]}
              - {email: zoe@example.com, username: zoe, keys: [{dialect: opproxy, key: \(key("zoe", slug))}]}

        """
    }
}

import Catalog
import Crypto
import Postgres
import Primitives
import Provisioning

@testable import Server

extension Sessions {
    /// Sessions of an installation that has only ever had one key.
    convenience init(
        pool: PostgresPool, cache: PrincipalCache, clock: any WallClock, random: any RandomSource,
        installationKey: SymmetricKey, audiences: [DialectName], lifetimeMilliseconds: Int64 = 86_400_000
    ) {
        let key = InstallationKey(id: 1, bytes: installationKey.withUnsafeBytes { [UInt8]($0) })!
        self.init(
            pool: pool, cache: cache, clock: clock, random: random,
            installationKeys: InstallationKeys([key])!, audiences: audiences,
            lifetimeMilliseconds: lifetimeMilliseconds)
    }
}

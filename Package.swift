// swift-tools-version:6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "tollgate",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "tollgate", targets: ["tollgate"]),
        .executable(name: "engine-alone", targets: ["engine-alone"]),
        // What Benchmarks/ depends on, so that it can build the two above into its own folder.
        .library(name: "TollgatePrimitives", targets: ["Primitives"]),
        // Named here so that Benchmarks/ can build it into its own release folder.
        .executable(name: "simulate", targets: ["simulate"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),

        // The files of Swagger UI, in the binary.
        .target(name: "CSwaggerUI", exclude: ["dist"]),

        .target(name: "Primitives", swiftSettings: strict),
        .target(
            name: "SchemaFiles",
            path: "sql",
            exclude: ["migrations", "invariants", "schema.sql"],
            sources: ["SchemaFiles.swift"],
            swiftSettings: strict
        ),
        .target(
            name: "Postgres",
            dependencies: ["CLibPQ", "Primitives", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict
        ),
        .target(
            name: "Catalog",
            dependencies: ["Primitives", "Postgres", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        .target(
            name: "Billing",
            dependencies: [
                "Primitives", "Postgres", "Catalog", .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Provisioning",
            dependencies: [
                "Primitives", "Postgres", "Catalog",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Server",
            dependencies: [
                "Primitives", "Postgres", "SchemaFiles", "Catalog", "Billing", "Provisioning", "CArgon2",
                "CSwaggerUI",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(name: "tollgate", dependencies: ["Server"], swiftSettings: strict),

        .target(
            name: "TestSupport",
            dependencies: [
                "Primitives", "Postgres", "SchemaFiles", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        // `make crash`: a program that kills the others; its small form runs among the tests.
        .target(
            name: "CrashDrill",
            dependencies: ["Primitives", "Postgres"],
            path: "Tests/CrashDrill",
            exclude: ["Scenarios/Shims"],
            swiftSettings: strict
        ),
        // A part of Benchmarks/ that needs the package's own access: the rules on one core, without a database.
        .executableTarget(
            name: "engine-alone",
            dependencies: ["Primitives", "Catalog", "Billing"],
            path: "Benchmarks/Sources/EngineAlone",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "crash-drill",
            dependencies: [
                "CrashDrill", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/CrashDrillCommand",
            swiftSettings: strict
        ),
        .testTarget(name: "CrashDrillTests", dependencies: ["CrashDrill", "tollgate"], swiftSettings: strict),
        // Plays random commands through the engine's rules and through a model of them: docs/simulation.md.
        .target(
            name: "Simulation",
            dependencies: ["Primitives", "Catalog", "Billing"],
            path: "Tests/Simulation",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "simulate",
            dependencies: ["Simulation", "Billing"],
            path: "Tests/simulate",
            swiftSettings: strict
        ),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Billing"], swiftSettings: strict),
        .testTarget(name: "PrimitivesTests", dependencies: ["Primitives", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "CatalogTests", dependencies: ["Catalog", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "BillingTests",
            dependencies: ["Billing", "Provisioning", "Server", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ProvisioningTests",
            dependencies: ["Provisioning", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "TestSupport", "tollgate",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PlanTests",
            dependencies: ["Billing", "Provisioning", "Server", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RepositoryTests",
            dependencies: ["Primitives", "Postgres", "SchemaFiles", "TestSupport"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)

// swift-tools-version:6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "tollgate-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        // Builds `tollgate` and `engine-alone` into the same folder, so that nothing is compiled twice.
        .package(name: "tollgate", path: ".."),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    ],
    targets: [
        // Hummingbird answering a plain text: the ceiling that the doors are held against.
        .executableTarget(
            name: "plain-text",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "TollgatePrimitives", package: "tollgate"),
            ],
            path: "Sources/PlainText",
            swiftSettings: strict
        )
    ],
    swiftLanguageModes: [.v6]
)

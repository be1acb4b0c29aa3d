// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // Points at which the fault suite ends a worker; nothing of them is left in a release build without the trait.
    .define("FAULTS", .when(configuration: .debug)),
    .define("FAULTS", .when(traits: ["Faults"])),
]

let package = Package(
    name: "orderflow",
    products: [
        .executable(name: "orderflow", targets: ["orderflow"]),
        // Loaded first into servers and workers by the fault suite alone.
        .library(name: "FaultPreload", type: .dynamic, targets: ["FaultPreload"]),
    ],
    traits: [.trait(name: "Faults", description: "Compiles in the failure points of the fault suite.")],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // C libraries: module maps and shims.
        .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        // Small general clients.
        .target(name: "AMQP", dependencies: ["CRabbitMQ"], swiftSettings: strict),
        .target(name: "Postgres", dependencies: ["CPostgres"], swiftSettings: strict),

        // The order flow.
        .target(name: "OrderCore", swiftSettings: strict),
        .target(
            name: "OrderMessages",
            dependencies: ["OrderCore", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict
        ),
        .target(
            name: "OrderStore",
            dependencies: ["OrderCore", "Postgres"],
            resources: [.embedInCode("Migrations")],
            swiftSettings: strict
        ),
        .target(
            name: "OrderWorker",
            dependencies: [
                "AMQP", "Postgres", "OrderCore", "OrderMessages", "OrderRules", "OrderStore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .target(name: "OrderRules", dependencies: ["OrderCore", "OrderMessages", "Yams"], swiftSettings: strict),
        .target(name: "OrderImport", dependencies: ["OrderCore", "Yams"], swiftSettings: strict),
        .executableTarget(
            name: "orderflow",
            dependencies: [
                "AMQP", "Postgres", "OrderCore", "OrderMessages", "OrderStore", "OrderWorker", "OrderImport",
                "OrderRules", "Yams",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),

        // A trading day for the demo, and the benchmark.
        .target(name: "TradingDay", dependencies: ["AMQP"], path: "Benchmarks/TradingDay", swiftSettings: strict),
        .executableTarget(
            name: "orderflow-bench",
            dependencies: [
                "TradingDay", "AMQP", "Postgres", "OrderCore", "OrderMessages", "OrderRules", "OrderStore",
                "OrderWorker",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/orderflow-bench",
            swiftSettings: strict
        ),

        // The fault suite: what breaks things, and who says whether a promise was broken. The auditor knows the contract and
        // the tables, and none of the worker's code.
        .target(
            name: "FaultAuditor", dependencies: ["Postgres", .product(name: "Crypto", package: "swift-crypto")],
            path: "Faults/FaultAuditor", swiftSettings: strict),
        .executableTarget(
            name: "orderflow-faults",
            dependencies: [
                "FaultAuditor", "OrderSimulator", "AMQP", "Postgres", "OrderStore", "OrderWorker", "TestServers",
                "TestSite",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Faults/orderflow-faults",
            swiftSettings: strict
        ),

        // A full disk and a wrong clock: stands in front of the C library.
        .target(name: "FaultPreload", path: "Faults/FaultPreload", cSettings: [.define("_GNU_SOURCE")]),

        // Tests.
        .target(name: "TestServers", path: "Tests/TestServers", swiftSettings: strict),
        .testTarget(name: "AMQPTests", dependencies: ["AMQP", "TestServers"], swiftSettings: strict),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "TestServers"], swiftSettings: strict),
        .target(
            name: "OrderSimulator", dependencies: ["OrderCore"], path: "Tests/OrderSimulator", swiftSettings: strict
        ),
        .testTarget(name: "OrderCoreTests", dependencies: ["OrderCore", "OrderSimulator"], swiftSettings: strict),
        .testTarget(
            name: "OrderStoreTests",
            dependencies: ["OrderStore", "OrderCore", "OrderSimulator", "Postgres", "TestServers"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OrderImportTests", dependencies: ["OrderImport", "OrderMessages", "OrderCore"], swiftSettings: strict
        ),
        .testTarget(
            name: "OrderRulesTests", dependencies: ["OrderRules", "OrderCore"], swiftSettings: strict
        ),
        .testTarget(
            name: "OrderMessagesTests", dependencies: ["OrderMessages", "OrderCore"], swiftSettings: strict
        ),
        .target(
            name: "TestSite",
            dependencies: [
                "AMQP", "Postgres", "OrderCore", "OrderStore", "OrderWorker", "TestServers",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/TestSite",
            swiftSettings: strict
        ),
        .testTarget(
            name: "FaultAuditorTests",
            dependencies: ["FaultAuditor", "Postgres", "TestServers", "TestSite"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OrderWorkerTests",
            dependencies: [
                "AMQP", "Postgres", "OrderCore", "OrderMessages", "OrderStore", "OrderWorker", "TestServers",
                "TestSite",
                "orderflow",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DisruptionTests",
            dependencies: [
                "AMQP", "Postgres", "OrderCore", "OrderStore", "OrderWorker", "TestServers", "TestSite", "orderflow",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OrderflowTests",
            dependencies: [
                "orderflow", "AMQP", "Postgres", "OrderCore", "OrderStore", "OrderRules", "TestServers",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TradingDayTests",
            dependencies: ["TradingDay", "AMQP", "OrderCore", "OrderMessages", "orderflow-bench"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)

internal import OrderCore
internal import OrderMessages
internal import OrderWorker

/// How log lines are written.
enum LogFormat: String, CaseIterable, Sendable { case text, json }

/// How much is logged.
enum LogLevel: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error, critical }

/// All settings. File, variables, flags, `config show`, `config template` and the documents follow this table.
enum SettingKeys {
    static let instance = SettingKey(
        "instance", .name(), default: "main",
        "Names this installation: events come from `orderflow/<instance>`. Two that share a broker differ in it.")

    static let postgresURL = SettingKey(
        "postgres.url", .postgresURL, default: "postgresql://orderflow@localhost:5432/orderflow",
        "The database. Over TLS: add ?sslmode=verify-full&sslrootcert=FILE. Poolers must keep sessions.")
    static let postgresPassword = SettingKey(
        "postgres.password", .secret, default: "", "The database user's password, instead of one in the URL.")
    static let postgresPasswordFile = SettingKey(
        "postgres.passwordFile", .path, default: "", "A file that holds the database user's password.")

    static let amqpURL = SettingKey(
        "amqp.url", .amqpURL, default: "amqp://orderflow@localhost:5672/%2F",
        "The broker. amqps:// verifies the certificate; the host must be a name in it.")
    static let amqpPassword = SettingKey(
        "amqp.password", .secret, default: "", "The broker user's password, instead of one in the URL.")
    static let amqpPasswordFile = SettingKey(
        "amqp.passwordFile", .path, default: "", "A file that holds the broker user's password.")
    static let amqpCAFile = SettingKey(
        "amqp.caFile", .path, default: "", "PEM file of the authorities to trust; empty for the system's.")

    static let managementURL = SettingKey(
        "management.url", .httpURL, default: "",
        "The broker's management API, for bindings, alarms and depths in `doctor` and `topology check`. Its user is "
            + "amqp.url's unless it names one. Empty: left out.")

    static let lanes = SettingKey(
        "worker.lanes", .integer(0...64), default: 0, "Lanes in a process, each with a thread; 0: one a core.")
    static let batchMessages = SettingKey(
        "worker.batchMessages", .integer(1...2_000), default: 200,
        "Most messages in a transaction. The broker hands out twice as many ahead.")
    static let batchBytes = SettingKey(
        "worker.batchBytes", .integer(1_024...16_777_216), default: 262_144, "Most bytes of bodies in a transaction.")
    static let declaresTopology = SettingKey(
        "worker.declareTopology", .boolean, default: true,
        "Declare exchanges, queues and bindings at start; false for a broker user without the right to.")

    static let markerGraceSeconds = SettingKey(
        "worker.markerGraceSeconds", .integer(0...3_600), default: 30,
        "An unpaid order ends so long after all payments that came before its time were taken: what a dying worker had "
            + "in hand comes again within it.")
    static let drainSeconds = SettingKey(
        "worker.drainSeconds", .integer(1...600), default: 20,
        "How long the end may take once SIGTERM has come; then connections are closed with work unconfirmed, which is "
            + "done again by another worker.")

    static let outboxRows = SettingKey(
        "bounds.outboxRows", .integer(1_000...100_000_000), default: 100_000,
        "More unconfirmed events than this pause intake.")
    static let setAsideRows = SettingKey(
        "bounds.setAsideRows", .integer(1_000...100_000_000), default: 1_000_000,
        "More events for receivers that are gone than this pause intake.")
    static let deadMessages = SettingKey(
        "bounds.deadMessages", .integer(1_000...100_000_000), default: 100_000,
        "More dead messages that nobody has replayed or dropped than this pause intake.")
    static let logLevel = SettingKey("log.level", .choice, default: LogLevel.info, "How much is logged.")
    static let logFormat = SettingKey(
        "log.format", .choice, default: LogFormat.text, "Lines for people, or one JSON object a line.")

    static let eventMode = SettingKey(
        "events.mode", .choice, default: EventEncoder.Mode.structured,
        "CloudEvents in structured mode (envelope in the body) or binary mode (envelope in the headers).")

    static let logDays = SettingKey(
        "retention.logDays", .integer(1...3_650), default: 30,
        "How long messages and events are kept. Parked, dead and unconfirmed ones stay.")
    static let inboxDays = SettingKey(
        "retention.inboxDays", .integer(1...3_650), default: 14,
        "How long repeats are known by their identity. Business keys are known for ever.")

    static let rulesFolder = SettingKey(
        "rules.folder", .path, default: "",
        "A folder of rules that count as long as none were published (orderflow rules publish); empty: none.")

    static let sources = SettingKey(
        "security.sources", .lists("channel and partner codes, or \"*\" for all", of: nil), default: NameLists(),
        "Which message sources speak for which channels and partners, in wishes such as order.cancel: "
            + "{storefront-web: [web]}.")
    static let owners = SettingKey(
        "security.owners", .lists("channel and partner codes, or \"*\" for all", of: nil), default: NameLists(),
        "The same by broker user, which the broker vouches for: {shop: [web, app]}.")
    static let receivers = SettingKey(
        "security.receivers", .lists("receivers", of: OrderflowTopology.receiverQueues.map(\.receiver)),
        default: NameLists(),
        "Which broker users, or message sources, speak for which receivers of events and may ask for lost ones again "
            + "(delivery.resend): {erp-bridge: [erp, finance]}. Staff may for all.")
    static let staff = SettingKey(
        "security.staff", .lists("roles", of: StaffRole.allCases.map(\.rawValue)), default: NameLists(),
        "Which broker users give staff commands, and their roles: {alice: [finance]}. Nobody else's are believed.")

    /// All of them, in the order of the file.
    static let all: [any AnySettingKey] = [
        instance, postgresURL, postgresPassword, postgresPasswordFile, amqpURL, amqpPassword, amqpPasswordFile,
        amqpCAFile, managementURL, lanes, batchMessages, batchBytes, declaresTopology, markerGraceSeconds,
        drainSeconds,
        outboxRows, setAsideRows, deadMessages, logLevel, logFormat, eventMode, logDays, inboxDays, rulesFolder,
        sources, owners,
        receivers, staff,
    ]

    /// A key by its place in the file.
    static func find(_ path: String) -> (any AnySettingKey)? {
        all.first { $0.path == path }
    }
}

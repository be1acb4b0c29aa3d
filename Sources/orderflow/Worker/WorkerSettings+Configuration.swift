internal import Glibc
internal import Logging
internal import OrderCore
internal import OrderRules
internal import OrderWorker

extension WorkerSettings {
    /// What the configuration says about workers.
    init(_ configuration: Configuration) throws {
        self.init(
            instance: configuration[SettingKeys.instance], broker: try configuration.broker(),
            database: try configuration.database(for: "orderflow worker"))
        let lanes = configuration[SettingKeys.lanes]
        self.lanes = lanes > 0 ? lanes : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        batchMessages = configuration[SettingKeys.batchMessages]
        batchBytes = configuration[SettingKeys.batchBytes]
        declaresTopology = configuration[SettingKeys.declaresTopology]
        markerGraceSeconds = Int64(configuration[SettingKeys.markerGraceSeconds])
        drainSeconds = configuration[SettingKeys.drainSeconds]
        outboxRows = configuration[SettingKeys.outboxRows]
        setAsideRows = configuration[SettingKeys.setAsideRows]
        deadMessages = configuration[SettingKeys.deadMessages]
        eventMode = configuration[SettingKeys.eventMode]
        logDays = configuration[SettingKeys.logDays]
        inboxDays = configuration[SettingKeys.inboxDays]
        rules = try configuration.rules()
        authority.sellersBySource = configuration[SettingKeys.sources].entries.mapValues { Set($0) }
        authority.sellersByUser = configuration[SettingKeys.owners].entries.mapValues { Set($0) }
        authority.receiversBySpeaker = configuration[SettingKeys.receivers].entries.mapValues { Set($0) }
        authority.staffRolesByUser = configuration[SettingKeys.staff].entries.mapValues { roles in
            Set(roles.compactMap(StaffRole.init(rawValue:)))
        }
    }
}

extension Configuration {
    /// The rules of the configured folder, or nil where there is none; mistakes in them end the command.
    fileprivate func rules() throws -> RuleSet? {
        let folder = self[SettingKeys.rulesFolder]
        guard !folder.isEmpty else { return nil }
        return try RulesFolder.read(folder).set
    }
}

internal import OrderCore

// What stands beside rules of warehouses, carriers, and the ways between them and areas.
extension RuleSchema {
    static var table: JSONTree {
        object(
            TableKey.allCases.map { key in
                switch key {
                case .title: (key.rawValue, text("What staff call it."))
                case .file: (key.rawValue, text("A *.csv beside the rules: area,upTo,east,north"))
                case .rows:
                    (
                        key.rawValue,
                        map(
                            of: map(
                                of: .object([("anyOf", .list([integer(), .object([("const", .text("-"))])]))]),
                                "By warehouse: minor units or a distance, \"-\" where nothing goes."),
                            "By area; `*` stands for any.")
                    )
                }
            })
    }

    static var warehouse: JSONTree {
        object(
            WarehouseKey.allCases.map { key in
                switch key {
                case .title: (key.rawValue, text("What staff call it."))
                case .capacity: (key.rawValue, integer("Orders whose parts it can work on in a day."))
                case .cutOff: (key.rawValue, text("What comes from then on is work of the next day: \"16:00\""))
                case .supplier: (key.rawValue, text("It is this supplier's: what he supplies comes from here alone."))
                }
            })
    }

    static var carrier: JSONTree {
        let areas = either(reference("names"), object([(RuleOperator.inList.rawValue, text("The name of a list."))]))
        return object(
            CarrierKey.allCases.map { key in
                switch key {
                case .title: (key.rawValue, text("What staff call it."))
                case .to, .notTo: (key.rawValue, areas)
                }
            })
    }
}

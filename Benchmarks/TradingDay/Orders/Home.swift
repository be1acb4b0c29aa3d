/// Where somebody lives.
public struct Home: Sendable, Equatable {
    var name: String
    var phone: String
    var country = "CN"
    var province: String
    var city: String
    var district: String
    var address: String

    static let names = ["王小明", "李娜", "陈思远", "张伟", "Maria Schmidt", "刘洋", "周杰", "O'Neil \"Sam\"", "赵敏", "孙丽"]
    static let places = [
        ("上海市", "上海市", "浦东新区"), ("广东省", "广州市", "天河区"), ("北京市", "北京市", "朝阳区"),
        ("浙江省", "杭州市", "西湖区"), ("四川省", "成都市", "武侯区"), ("湖北省", "武汉市", "洪山区"),
    ]

    init(_ seed: inout Seed) {
        name = Self.names[Int(seed.number(0...Int64(Self.names.count - 1)))]
        (province, city, district) = Self.places[Int(seed.number(0...Int64(Self.places.count - 1)))]
        phone = "138\(seed.number(10_000_000...99_999_999))"
        address = "中山路\(seed.number(1...999))号\(seed.number(1...30))楼"
    }

    /// The same person, where the story of an order has him live.
    func moved(for story: Story) -> Home {
        var home = self
        switch story {
        case .abroad:
            (home.country, home.province, home.city, home.district) = ("JP", "東京都", "東京", "港区")
        case .cashFarAway: (home.province, home.city, home.district) = ("西藏自治区", "拉萨市", "城关区")
        default: break
        }
        return home
    }

    /// Another door of the same street, and another phone.
    var nextDoor: Home {
        var home = self
        home.address += "B座"
        home.phone = "139" + phone.dropFirst(3)
        return home
    }

    /// As a receiver, or what is told of one.
    func receiver(withPhone hasPhone: Bool = true, withAddress hasAddress: Bool = true) -> JSON {
        [
            "name": .text(name), "phone": hasPhone ? .text(phone) : .absent, "country": .text(country),
            "province": .text(province), "city": .text(city), "district": .text(district),
            "address": hasAddress ? .text(address) : .absent,
        ]
    }
}

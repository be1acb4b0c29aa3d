internal import Postgres

/// Stock is given out to the orders that wait for it, in their turn, in one pass: a due row for each that there is enough
/// for beside those before it.
///
/// What is kept for those of an earlier turn counts as gone, in each warehouse that they may have it from. As soon as one of
/// them is served elsewhere the SKU is given out again.
///
/// Stock that is split by channel is given out by parts: the place of an order says whose part it waits for, and nobody takes
/// anything of another's. How much a part has left only the rules know: whose part has no more finds out when he comes.
///
/// Which warehouses an order may have it from was found when it was last looked at. Only these are sure to serve it; of the
/// others it is called after those who are sure, and takes nothing from them. It is called when stock has come that none had
/// then, and by the sweep, since areas, rules and the time of day change.
///
/// What is enough here need not be enough by the rules of who waits. Who was called in vain is not called again before there is
/// more for him (`WaitingLooks`), and takes nothing from those behind him.
///
/// A pass calls so many and no more. Where there may be more, `giving_out` says how far it came, and a due row calls the next
/// pass, which goes on behind that turn: so each order is called once, and giving out ends.
extension FollowUps {
    /// For the SKUs of which more can be promised. Who is passed over, since there is not enough for him and he keeps nothing
    /// from others, is to hear of it, once.
    static let handOut = Statement("hand out", giveOut(.first))

    /// For one SKU, behind where the pass before has ended; where none is under way, from the first on.
    static let handOn = Statement("hand on", giveOut(.next))

    /// For all orders held for stock: what one statement did not reach, and holds that crossed with the stock.
    static let sweepStockHolds = Statement("sweep stock holds", giveOut(.sweep))

    private enum Pass { case first, next, sweep }

    /// How many orders are called at once; the next pass, or the sweep, goes on.
    private static let most = 200
    /// So many of those that could be served alone are put beside each other.
    private static let mostCompared = 500

    /// Units of an order's lines that no fulfilment carries: all of them, unless it takes parts. Nobody waits for a gift.
    private static let unsourcedLines = """
        SELECT l.sku, l.quantity - l.cancelled - coalesce((
            SELECT sum(p.quantity - p.shipped - p.cancelled) FROM fulfilment_lines AS p
            WHERE p.order_number = l.order_number AND p.line = l.number), 0) AS units
        FROM order_lines AS l WHERE l.order_number = w.number AND l.type = 'physical' AND l.gift IS NULL
        """

    /// Whose part of a SKU an order waits for; none where it is not split. Of a SKU that is split in some warehouses: there.
    private static let part = """
        SELECT min(k.value) AS part FROM json_each_text(w.parts) AS k (key, value)
        WHERE \(BackorderRows.sku("k.key")) = u.sku
        """

    /// Whether what there is suffices for an order that waits; for one that takes parts, for some of it.
    private static func isEnough(_ offer: String) -> String {
        """
        coalesce(
            CASE WHEN w.takes_parts THEN bool_or(l.\(offer)_most >= l.least)
                ELSE bool_and(l.\(offer) >= l.units AND l.\(offer)_most >= l.most) END, true)
        """
    }

    /// Who is passed over, and the next pass where there may be more to call.
    private static let others = """
        UNION ALL
        SELECT DISTINCT 'passed_over', w.number, l.sku, now() FROM waiting AS w JOIN lacks AS l ON l.turn = w.turn
        JOIN (
            SELECT l.pool, max(l.turn) AS last_turn FROM served JOIN lacks AS l ON l.turn = served.turn GROUP BY l.pool
        ) AS s ON s.pool = l.pool AND s.last_turn > w.turn
        WHERE l.sku = ANY ($1) AND NOT w.keeps AND NOT w.is_called AND (w.passed_over ->> l.sku) IS NULL
            AND w.turn NOT IN (SELECT turn FROM served)
        UNION ALL
        SELECT 'give_out', '', sku, now() + interval '1 millisecond' FROM further
        """

    /// `further`: the SKUs for which a pass ended where it had called, or compared, as many as it may, all of them sure.
    private static let ending = """
        , further AS (
            SELECT DISTINCT l.sku, w.number FROM (
                SELECT min(turn) AS turn FROM (
                    SELECT max(turn) AS turn FROM served HAVING count(*) = \(most) AND bool_and(is_sure)
                    UNION ALL
                    SELECT max(turn) FROM able HAVING count(*) = \(mostCompared) AND bool_and(is_sure)
                ) AS r
            ) AS r
            JOIN waiting AS w ON w.turn = r.turn JOIN lacks AS l ON l.turn > r.turn AND l.offered > 0
            WHERE l.sku = ANY ($1)
        ), noted AS (
            INSERT INTO giving_out (sku, rank, since, placed_at, number)
            SELECT f.sku, \(BackorderRows.turn) FROM further AS f JOIN orders AS o ON o.number = f.number ORDER BY f.sku
            ON CONFLICT (sku) DO UPDATE SET rank = excluded.rank, since = excluded.since,
                placed_at = excluded.placed_at, number = excluded.number
        ), ended AS (
            DELETE FROM giving_out WHERE sku = ANY ($1) AND sku NOT IN (SELECT sku FROM further)
        )
        """

    /// `lacks`: what each lacks of a SKU, with what there is for it beside what is kept for those before it; `pool`: the SKU and
    /// the part that it comes from. `able`: who could be served if he were alone, by more than he has seen; of those who were
    /// not looked at since rules and warehouses changed, whoever may now have any of it. `given`: one after the other, whether
    /// there is enough for him beside what those who are called already were promised and those that are served before him
    /// take of the same pool; what is kept for these is off his offer already.
    private static func giveOut(_ pass: Pass) -> String {
        let stock = "s.sku || '@' || s.warehouse"
        let condition =
            pass == .sweep
            ? "true"
            : """
            o.backorder_keeps
                OR EXISTS (SELECT FROM order_lines AS n WHERE n.order_number = o.number AND n.sku = ANY ($1))
            """
        let isNext =
            pass == .next
            ? """
            coalesce((\(BackorderRows.turn)) > (
                SELECT g.rank, g.since, g.placed_at, g.number FROM giving_out AS g WHERE g.sku = ANY ($1)), true)
            """
            : "true"
        // Whether a warehouse counts for an order. The sweep asks all of them; a pass those that were found for it, and for whom
        // nobody had it then, any.
        let isLookedAt =
            pass == .sweep
            ? "true"
            : """
            (w.kept ->> (\(stock))) IS NOT NULL OR NOT EXISTS (
                SELECT FROM json_object_keys(w.kept) AS k (key) WHERE \(BackorderRows.sku("k.key")) = s.sku)
            """
        return """
            WITH RECURSIVE waiting AS (
                SELECT o.number, o.backorder_keeps AS keeps, o.backorder_units AS kept, o.backorder_parts AS parts,
                    o.backorder_takes_parts AS takes_parts, o.backorder_passed_over AS passed_over,
                    k.offered AS seen, coalesce(k.at < \(WaitingLooks.oldest), true) AS is_new,
                    \(BackorderRows.isCalled) AS is_called, \(isNext) AS is_next,
                    row_number() OVER (ORDER BY \(BackorderRows.turn)) AS turn
                FROM (
                    SELECT DISTINCT order_number FROM holds
                    WHERE closed_at IS NULL AND reason IN ('out_of_stock', 'no_warehouse')
                ) AS h
                JOIN orders AS o ON o.number = h.order_number
                LEFT JOIN waiting_looks AS k ON k.order_number = o.number
                WHERE NOT o.is_validated AND o.status IN ('awaiting_payment', 'awaiting_release') AND (\(condition))
                    AND \(BackorderRows.isReadable)
            ), wanted AS (
                SELECT w.turn, u.sku, p.part, u.units, u.most, u.least
                FROM waiting AS w CROSS JOIN LATERAL (
                    SELECT u.sku, sum(u.units) AS units, max(u.units) AS most, min(u.units) AS least
                    FROM (\(unsourcedLines)) AS u WHERE u.units > 0 GROUP BY u.sku
                ) AS u CROSS JOIN LATERAL (\(part)) AS p
            ), looked AS (
                SELECT l.turn, l.sku, s.warehouse, s.on_hand - s.reserved - s.safety AS available,
                    (w.kept ->> (\(stock)))::bigint AS units, w.keeps,
                    CASE WHEN (w.kept ->> (\(stock))) IS NULL THEN l.part ELSE w.parts ->> (\(stock)) END AS part,
                    (\(isLookedAt)) AS is_looked_at, coalesce((w.seen ->> (\(stock)))::bigint, 0) AS seen
                FROM wanted AS l JOIN waiting AS w ON w.turn = l.turn
                JOIN stock AS s ON s.sku = l.sku JOIN warehouses AS a ON a.code = s.warehouse AND a.is_active
            ), offers AS (
                SELECT turn, sku, is_looked_at, seen, units IS NOT NULL AS is_sure,
                    available - coalesce(sum(units) FILTER (WHERE keeps) OVER (
                        PARTITION BY sku, warehouse, part ORDER BY turn ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                    0) AS units
                FROM looked
            ), lacks AS (
                SELECT l.turn, l.sku, l.sku || '@' || coalesce(l.part, '') AS pool, l.units, l.most, l.least,
                    coalesce(sum(f.units) FILTER (WHERE f.units > 0), 0) AS offered, coalesce(max(f.units), 0) AS offered_most,
                    coalesce(sum(f.units) FILTER (WHERE f.units > 0 AND f.is_sure), 0) AS sure,
                    coalesce(max(f.units) FILTER (WHERE f.is_sure), 0) AS sure_most,
                    coalesce(bool_or(f.units > f.seen), false) AS is_more
                FROM wanted AS l LEFT JOIN offers AS f ON f.turn = l.turn AND f.sku = l.sku AND f.is_looked_at
                GROUP BY l.turn, l.sku, l.part, l.units, l.most, l.least
            ), alone AS (
                SELECT w.turn, w.number, w.keeps, w.takes_parts, w.is_called, \(isEnough("sure")) AS is_sure,
                    coalesce(jsonb_object_agg(l.pool, l.units) FILTER (WHERE l.sku IS NOT NULL), '{}') AS needs,
                    coalesce(jsonb_object_agg(l.pool, l.sure) FILTER (WHERE l.sku IS NOT NULL), '{}') AS offers
                FROM waiting AS w LEFT JOIN lacks AS l ON l.turn = w.turn
                WHERE w.is_called OR w.is_next
                GROUP BY w.turn, w.number, w.keeps, w.takes_parts, w.is_called, w.is_new
                HAVING w.is_called
                    OR w.is_new AND coalesce(bool_or(l.offered_most >= l.least), true)
                    OR coalesce(bool_or(l.is_more), false) AND \(isEnough("offered"))
            ), promised AS (
                SELECT coalesce(jsonb_object_agg(p.pool, p.units), '{}') AS taken FROM (
                    SELECT n.key AS pool, sum(n.value::bigint) AS units
                    FROM alone AS a CROSS JOIN LATERAL jsonb_each_text(a.needs) AS n
                    WHERE a.is_called AND a.is_sure AND NOT a.keeps AND NOT a.takes_parts GROUP BY n.key
                ) AS p
            ), able AS (
                SELECT *, row_number() OVER (ORDER BY is_sure DESC, turn) AS place
                FROM alone WHERE NOT is_called ORDER BY place LIMIT \(mostCompared)
            ), given AS (
                SELECT 0::bigint AS place, 0::bigint AS turn, ''::text COLLATE "C" AS number, false AS is_sure,
                    false AS is_served, taken
                FROM promised
                UNION ALL
                SELECT a.place, a.turn, a.number, a.is_sure, t.fits,
                    CASE WHEN t.fits AND a.is_sure AND NOT a.keeps AND NOT a.takes_parts THEN g.taken || t.taken
                        ELSE g.taken END
                FROM given AS g JOIN able AS a ON a.place = g.place + 1
                CROSS JOIN LATERAL (
                    SELECT a.takes_parts OR NOT a.is_sure OR coalesce(bool_and(
                        (a.offers ->> n.key)::bigint - coalesce((g.taken ->> n.key)::bigint, 0) >= n.value::bigint), true)
                        AS fits,
                        coalesce(jsonb_object_agg(n.key, coalesce((g.taken ->> n.key)::bigint, 0) + n.value::bigint)
                            FILTER (WHERE n.key IS NOT NULL), '{}') AS taken
                    FROM jsonb_each_text(a.needs) AS n
                ) AS t
            ), served AS (
                SELECT turn, number, is_sure, now() + row_number() OVER (ORDER BY place) * interval '1 microsecond' AS at
                FROM given WHERE is_served ORDER BY place LIMIT \(most)
            )\(pass == .sweep ? "" : ending)
            INSERT INTO due (kind, order_number, reference, due_at, next_at)
            SELECT c.kind, c.number, c.reference, c.at, c.at FROM (
                SELECT 'revalidate' AS kind, number, '' AS reference, at FROM served
                \(pass == .sweep ? "" : others)
            ) AS c
            ORDER BY c.kind, c.number, c.reference
            ON CONFLICT (kind, order_number, reference) DO NOTHING
            """
    }
}

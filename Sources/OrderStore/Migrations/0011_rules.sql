-- The rules of operations: each version whole, as its owners wrote it. A version never changes; the newest one counts.
CREATE TABLE rule_versions (
    version      bigint      PRIMARY KEY CHECK (version >= 1),
    published_at timestamptz NOT NULL DEFAULT now(),
    published_by text        NOT NULL CHECK (published_by <> ''),
    note         text        NOT NULL,
    -- The version whose files were taken again, where it is a return to an earlier one.
    restores     bigint
);

CREATE TABLE rule_files (
    version bigint NOT NULL REFERENCES rule_versions,
    name    text COLLATE "C" NOT NULL,
    text    text   NOT NULL,
    PRIMARY KEY (version, name)
);

-- What rules have decided about orders, beside the journal entry that it belongs to. Never changed.
CREATE TABLE rule_decisions (
    order_number text COLLATE "C" NOT NULL,
    version      bigint      NOT NULL,
    place        bigint      GENERATED ALWAYS AS IDENTITY,
    at           timestamptz NOT NULL DEFAULT now(),
    phase        text        NOT NULL,
    rule         text        NOT NULL,
    -- The version of the rules, as journals name it.
    rules        text        NOT NULL,
    -- The values that the rule's condition looked at; no personal data.
    inputs       json        NOT NULL,
    effect       text        NOT NULL,
    PRIMARY KEY (order_number, version, place)
);

-- Of who hears of events and of how long anything waits, which is asked again and again, the first of a kind is kept.
CREATE UNIQUE INDEX rule_decisions_once ON rule_decisions (order_number, rule, rules, effect)
    WHERE phase IN ('output', 'timing');

-- What warehouses that can't take on all that comes have promised to work on, by day: orders with a part there. How much
-- they can take on stands in the rules.
CREATE TABLE warehouse_days (
    warehouse text COLLATE "C" NOT NULL,
    -- Days since 1970 in the rules' zone.
    day       bigint NOT NULL,
    taken     bigint NOT NULL CHECK (taken >= 0),
    PRIMARY KEY (warehouse, day)
) WITH (fillfactor = 50);

-- Who waits to go out with others: these alone.
CREATE INDEX orders_merge_key ON orders (merge_key) WHERE merge_key IS NOT NULL AND merge_key <> 'apart';

-- What personal data are hashed with, where they are compared.
CREATE TABLE hash_keys (
    number bigint PRIMARY KEY,
    key    uuid   NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO hash_keys (number) VALUES (1);

-- Earlier orders of a buyer: read where rules ask for them.
CREATE INDEX order_contacts_buyer ON order_contacts (buyer, order_number) WHERE buyer IS NOT NULL;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'orderflow_worker') THEN
        GRANT SELECT ON rule_versions, rule_files, hash_keys TO orderflow_worker;
        GRANT SELECT, INSERT ON rule_decisions TO orderflow_worker;
        GRANT SELECT, INSERT, UPDATE ON warehouse_days TO orderflow_worker;
    END IF;
END $$;

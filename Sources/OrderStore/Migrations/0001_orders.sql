-- An order and what belongs to it. Every key is compared byte by byte (COLLATE "C"), as the program sorts.
-- No foreign keys: the parts of an order are written only under the lock of its row.
-- Amounts are bigint in the currency's minor unit.

CREATE TABLE orders (
    number               text COLLATE "C" PRIMARY KEY,
    kind                 text        NOT NULL CHECK (kind IN ('internal', 'external')),
    payment_term         text        NOT NULL
        CHECK (payment_term IN ('online', 'cash_on_delivery', 'prepaid', 'on_account')),
    currency             text        NOT NULL CHECK (length(currency) = 3),
    status               text        NOT NULL CHECK (status IN (
        'awaiting_payment', 'awaiting_release', 'released', 'partially_shipped', 'shipped', 'awaiting_review',
        'completed', 'cancelled', 'rejected')),
    version              bigint      NOT NULL CHECK (version >= 1),
    attempt              bigint      NOT NULL CHECK (attempt >= 1),
    content_hash         uuid        NOT NULL,
    placed_at            timestamptz NOT NULL,
    goods                bigint      NOT NULL CHECK (goods >= 0),
    discount             bigint      NOT NULL CHECK (discount >= 0),
    deduction            bigint      NOT NULL CHECK (deduction >= 0),
    shipping             bigint      NOT NULL CHECK (shipping >= 0),
    tax                  bigint      NOT NULL CHECK (tax >= 0),
    payable              bigint      NOT NULL CHECK (payable BETWEEN 0 AND 1000000000000000),
    claimed_payable      bigint,
    due                  bigint      NOT NULL,
    -- What finance was told to take back from what is settled with the partner.
    reversed             bigint      NOT NULL CHECK (reversed >= 0),
    authorized           bigint      NOT NULL CHECK (authorized >= 0),
    captured             bigint      NOT NULL CHECK (captured >= 0),
    refunded             bigint      NOT NULL CHECK (refunded >= 0),
    refund_pending       bigint      NOT NULL CHECK (refund_pending >= 0),
    charged_back         bigint      NOT NULL CHECK (charged_back >= 0),
    payment_state        text        NOT NULL CHECK (payment_state IN (
        'unpaid', 'partially_paid', 'paid', 'overpaid', 'partially_refunded', 'refunded')),
    -- What had been received of a cash order before a carrier was told to collect the rest.
    paid_before          bigint      NOT NULL DEFAULT 0,
    is_validated         boolean     NOT NULL,
    is_cancelling        boolean     NOT NULL,
    is_receipt_announced boolean     NOT NULL,
    is_review_done       boolean     NOT NULL,
    is_production_requested boolean  NOT NULL,
    is_screened          boolean     NOT NULL DEFAULT false,
    shipped_at           timestamptz,
    delivered_at         timestamptz,
    received_at          timestamptz,
    release_at           timestamptz,
    -- When its presale goods may go out.
    ships_from           timestamptz,
    -- Its place among those that wait for stock, as long as it waits: who is served when; whether what comes is kept for
    -- it; the units that it waits for, by SKU@warehouse; of stock that is split by channel, whose part; whether some of it is
    -- reserved without the rest; and the SKUs of which its journal says that others were served before it.
    backorder_rank       bigint,
    backorder_since      timestamptz,
    backorder_keeps      boolean     NOT NULL DEFAULT false,
    backorder_units      json        NOT NULL DEFAULT '{}',
    backorder_parts      json        NOT NULL DEFAULT '{}',
    backorder_takes_parts boolean    NOT NULL DEFAULT false,
    backorder_passed_over json       NOT NULL DEFAULT '{}',
    -- What it shares with orders that it may go out with, or `apart`; until when it waits for them.
    merge_key            text COLLATE "C",
    merge_until          timestamptz,
    -- How many events each receiver was told with this order as their subject.
    event_counts         json        NOT NULL,
    CHECK (due <= payable),
    CHECK (reversed <= payable),
    CHECK (refunded + refund_pending <= captured)
) WITH (fillfactor = 70);

CREATE INDEX orders_waiting ON orders (number) WHERE backorder_rank IS NOT NULL;

-- Personal data, apart, under the key it is encrypted with (0: plain).
CREATE TABLE order_contacts (
    order_number text COLLATE "C" PRIMARY KEY,
    key_id       bigint NOT NULL,
    name         text,
    phone        text,
    country      text,
    province     text,
    city         text,
    district     text,
    address      text,
    postal_code  text,
    buyer        text,
    remark       text
);

CREATE TABLE order_lines (
    order_number text COLLATE "C" NOT NULL,
    number       bigint NOT NULL,
    sku          text COLLATE "C" NOT NULL,
    type         text   NOT NULL CHECK (type IN ('physical', 'virtual', 'made_to_order')),
    quantity     bigint NOT NULL CHECK (quantity >= 0),
    unit_price   bigint NOT NULL CHECK (unit_price >= 0),
    share        bigint NOT NULL,
    cancelled    bigint NOT NULL CHECK (cancelled >= 0),
    shipped      bigint NOT NULL CHECK (shipped >= 0),
    returned     bigint NOT NULL CHECK (returned >= 0),
    produced     bigint NOT NULL CHECK (produced >= 0),
    -- The rule that gave it.
    gift         text,
    PRIMARY KEY (order_number, number),
    CHECK (shipped + cancelled <= quantity),
    CHECK (returned <= shipped)
) WITH (fillfactor = 85);

-- The reasons why orders need a look: the work list.
CREATE TABLE holds (
    order_number   text COLLATE "C" NOT NULL,
    number         bigint      NOT NULL CHECK (number >= 1),
    reason         text        NOT NULL,
    path           text,
    detail         text        NOT NULL,
    opened_at      timestamptz NOT NULL,
    opened_by      text        NOT NULL,
    closed_at      timestamptz,
    closed_by      text,
    closing        text CHECK (closing IN ('released', 'fixed', 'overridden', 'cancelled')),
    closing_reason text,
    PRIMARY KEY (order_number, number),
    CHECK ((closed_at IS NULL) = (closing IS NULL))
);
CREATE INDEX holds_open ON holds (reason, opened_at) WHERE closed_at IS NULL;

-- Every change of an order, with each row that changed as it stood after: fold it and you have the order. Never dropped.
-- "rows" is an object: for each table a list of rows by column; a column that is left out has its default.
CREATE TABLE order_journal (
    order_number text COLLATE "C" NOT NULL,
    version      bigint      NOT NULL CHECK (version >= 1),
    at           timestamptz NOT NULL,
    by           text        NOT NULL,
    cause_source text        NOT NULL,
    cause_id     text        NOT NULL,
    cause_part   bigint      NOT NULL,
    from_status  text,
    to_status    text        NOT NULL,
    why          text        NOT NULL,
    rows         json        NOT NULL,
    PRIMARY KEY (order_number, version)
);

-- Orders whose rows read back impossible: nothing is applied to them before a person has looked.
CREATE TABLE quarantined_orders (
    order_number text COLLATE "C" PRIMARY KEY,
    fault        text        NOT NULL,
    found_at     timestamptz NOT NULL DEFAULT now()
);

-- What orders are checked and sourced against. Owned by other systems; an older revision has no effect.

CREATE TABLE products (
    sku            text COLLATE "C" PRIMARY KEY,
    revision       bigint      NOT NULL,
    is_listed      boolean     NOT NULL,
    type           text        NOT NULL CHECK (type IN ('physical', 'virtual', 'made_to_order')),
    prices         jsonb       NOT NULL,
    price_currency text,
    title          text,
    -- Grams and cubic centimetres of a unit.
    weight         bigint      NOT NULL DEFAULT 0 CHECK (weight BETWEEN 0 AND 1000000000),
    volume         bigint      NOT NULL DEFAULT 0 CHECK (volume BETWEEN 0 AND 1000000000),
    supplier       text,
    temperature    text,
    floor_price    bigint,
    presale_until  timestamptz,
    updated_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX products_updated ON products (updated_at);

CREATE TABLE warehouses (
    code         text COLLATE "C" PRIMARY KEY,
    revision     bigint      NOT NULL,
    is_active    boolean     NOT NULL,
    priority     bigint      NOT NULL,
    title        text,
    -- Names of the areas it ships to; none: everywhere.
    areas        jsonb       NOT NULL DEFAULT '{}',
    -- Minor units by area; `*` is any.
    parcel_costs jsonb       NOT NULL DEFAULT '{}',
    updated_at   timestamptz NOT NULL DEFAULT now()
);

-- Channels sell internal orders, partners external ones.
CREATE TABLE sellers (
    kind                        text COLLATE "C" NOT NULL CHECK (kind IN ('internal', 'external')),
    code                        text COLLATE "C" NOT NULL,
    revision                    bigint      NOT NULL,
    is_active                   boolean     NOT NULL,
    title                       text,
    on_invalid                  text        NOT NULL CHECK (on_invalid IN ('reject', 'hold')),
    payment_timeout             bigint      NOT NULL CHECK (payment_timeout >= 0),
    payment_tolerance           bigint      NOT NULL CHECK (payment_tolerance >= 0),
    price_tolerance             bigint      NOT NULL CHECK (price_tolerance >= 0),
    release_delay               bigint      NOT NULL CHECK (release_delay >= 0),
    capture                     text        NOT NULL CHECK (capture IN ('gateway', 'on_release', 'on_ship')),
    on_short                    text        NOT NULL CHECK (on_short IN ('cancel', 'hold')),
    allows_split_backorders     boolean     NOT NULL,
    receipt                     text        NOT NULL CHECK (receipt IN ('delivered', 'confirmed')),
    auto_receive_after_delivery bigint      NOT NULL CHECK (auto_receive_after_delivery >= 0),
    auto_receive_after_shipping bigint      NOT NULL CHECK (auto_receive_after_shipping >= 0),
    review_window               bigint      NOT NULL CHECK (review_window >= 0),
    no_answer_after             bigint      NOT NULL CHECK (no_answer_after >= 0),
    hand_over_in_doubt_after    bigint      NOT NULL CHECK (hand_over_in_doubt_after >= 0),
    in_doubt_after              bigint      NOT NULL CHECK (in_doubt_after >= 0),
    cash_within                 bigint      NOT NULL CHECK (cash_within >= 0),
    updated_at                  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, code)
);

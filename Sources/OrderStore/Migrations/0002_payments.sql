-- What gateways said, as they said it. Sums are derived from these rows, never overwritten.
CREATE TABLE payment_facts (
    order_number  text COLLATE "C" NOT NULL,
    gateway       text COLLATE "C" NOT NULL,
    transaction   text COLLATE "C" NOT NULL,
    kind          text COLLATE "C" NOT NULL CHECK (kind IN (
        'authorized', 'captured', 'failed', 'voided', 'refunded', 'refund_failed', 'charged_back', 'charge_back_won')),
    reference     text COLLATE "C" NOT NULL,
    amount        bigint      NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000000),
    is_cumulative boolean     NOT NULL,
    currency      text        NOT NULL CHECK (length(currency) = 3),
    occurred_at   timestamptz NOT NULL,
    sequence      bigint      NOT NULL CHECK (sequence >= 1),
    request_id    text,
    PRIMARY KEY (order_number, gateway, transaction, kind, reference),
    UNIQUE (order_number, sequence)
);

-- What we asked of the payment side. Asked again it keeps its id.
CREATE TABLE money_requests (
    order_number text COLLATE "C" NOT NULL,
    request_id   text COLLATE "C" NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('refund', 'capture', 'void')),
    gateway      text        NOT NULL,
    transaction  text        NOT NULL,
    amount       bigint      NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000000),
    reason       text        NOT NULL,
    requested_at timestamptz NOT NULL,
    state        text        NOT NULL CHECK (state IN ('requested', 'in_doubt', 'settled', 'failed')),
    tries        bigint      NOT NULL CHECK (tries >= 1),
    PRIMARY KEY (order_number, request_id)
);

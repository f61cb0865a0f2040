CREATE TABLE staff (
    login TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    password_digest TEXT NOT NULL
);
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('en', 'zh')),
    password_digest TEXT
);
CREATE TABLE orders (
    number TEXT PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    status TEXT NOT NULL
        CHECK (status IN ('placed', 'shipped', 'delivered', 'cancelled', 'refunded')),
    placed_on TEXT NOT NULL,
    shipped_on TEXT,
    delivered_on TEXT,
    carrier TEXT,
    tracking_number TEXT,
    total_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    address TEXT NOT NULL
);
CREATE TABLE order_lines (
    order_number TEXT NOT NULL REFERENCES orders (number),
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    title TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit_minor INTEGER NOT NULL,
    PRIMARY KEY (order_number, position)
);
-- An order is refunded once, whoever asks and however often.
CREATE TABLE refunds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_number TEXT NOT NULL UNIQUE REFERENCES orders (number),
    amount_minor INTEGER NOT NULL,
    reason TEXT NOT NULL,
    external_reference TEXT NOT NULL,
    filed_by TEXT NOT NULL,
    filed_on TEXT NOT NULL
);
-- What was done to an order or a customer, by whom, under which number.
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_number TEXT REFERENCES orders (number),
    customer_id INTEGER REFERENCES customers (id),
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    external_reference TEXT NOT NULL,
    remark TEXT NOT NULL
);
CREATE INDEX journal_of_order ON journal (order_number);
CREATE INDEX journal_of_customer ON journal (customer_id);
CREATE TABLE reset_links (
    token_digest TEXT PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    valid_until TEXT NOT NULL
);
INSERT INTO sqlite_sequence (name, seq) VALUES ('refunds', 10000), ('journal', 40000);

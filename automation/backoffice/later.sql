-- What came after the first release of the demo: made beside the older tables where it is missing.
CREATE TABLE IF NOT EXISTS returns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_number TEXT NOT NULL UNIQUE REFERENCES orders (number),
    reason TEXT NOT NULL,
    external_reference TEXT NOT NULL,
    filed_by TEXT NOT NULL,
    filed_on TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS subscriptions (
    customer_id INTEGER PRIMARY KEY REFERENCES customers (id),
    plan TEXT NOT NULL CHECK (plan IN ('one_tea', 'two_teas', 'four_teas', 'paused', 'ended')),
    changed_on TEXT NOT NULL
);
-- The directory of who may sign in at the shop.
CREATE TABLE IF NOT EXISTS accounts (
    login TEXT PRIMARY KEY COLLATE NOCASE,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'locked', 'closed'))
);
CREATE TABLE IF NOT EXISTS account_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    login TEXT NOT NULL REFERENCES accounts (login),
    kind TEXT NOT NULL,
    external_reference TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (login, external_reference)
);
-- The carrier's parcels, and where each was seen.
CREATE TABLE IF NOT EXISTS parcels (
    tracking_number TEXT PRIMARY KEY,
    carrier TEXT NOT NULL,
    expected_on TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS scans (
    tracking_number TEXT NOT NULL REFERENCES parcels (tracking_number),
    at TEXT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('picked_up', 'in_transit', 'out_for_delivery', 'delivered')),
    PRIMARY KEY (tracking_number, at)
);
-- The finance department's ledger of refunds paid: typed in by people, so anything may stand there.
CREATE TABLE IF NOT EXISTS bookings (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    refund_number TEXT NOT NULL,
    order_number TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS reconciliations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    external_reference TEXT NOT NULL UNIQUE,
    day TEXT NOT NULL,
    findings INTEGER NOT NULL,
    workbook BLOB NOT NULL,
    filed_by TEXT NOT NULL
);

/** Words that several screens share. What the bot says is not here but in bot/domain. */
export const en = {
  kinds: {
    refund: "Refund",
    cancel_order: "Order cancellation",
    change_address: "Address change",
    resend_invoice: "Invoice by e-mail",
    reset_password: "Password reset",
  } as Record<string, string>,
  statuses: {
    queued: "queued",
    working: "in progress",
    done: "done",
    refused: "not possible",
    gave_up: "needs a person",
  } as Record<string, string>,
  codes: {
    REFUND_FILED: "filed",
    ALREADY_REFUNDED: "already refunded",
    OUTSIDE_30_DAYS: "outside the 30 days",
    NOT_DELIVERED: "not delivered yet",
    ORDER_UNKNOWN: "order not found",
    ORDER_CANCELLED: "cancelled",
    ALREADY_SHIPPED: "already shipped",
    ADDRESS_CHANGED: "changed",
    ADDRESS_INCOMPLETE: "address incomplete",
    INVOICE_SENT: "sent",
    RESET_LINK_SENT: "link sent",
    ACCOUNT_UNKNOWN: "account not found",
    ROBOT_GAVE_UP: "system unavailable",
  } as Record<string, string>,
  problems: {
    unreachable: "The desk cannot be reached just now.",
    tooMany: "That was a lot at once. Please wait a moment.",
    tooLong: "This message is longer than 2,000 characters.",
    unreadable: "This message contains characters that cannot be sent.",
    signedOut: "Please sign in again.",
    notAllowed: "You may not do this.",
    gone: "This is no longer here.",
    taken: "Somebody else was faster.",
    broken: "Something went wrong on our side.",
    other: "That did not work.",
  },
};

export type SharedWords = typeof en;

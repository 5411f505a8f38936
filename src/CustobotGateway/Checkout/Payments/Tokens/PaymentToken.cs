namespace CustobotGateway.Checkout.Payments;

/// <summary>Why a token may be charged.</summary>
public enum AllowanceReason
{
    /// <summary>For one payment.</summary>
    OneTime,
}

/// <summary>What a payment token may pay: all of it has to hold (Agentic Commerce Protocol 2026-04-17, delegated payment).</summary>
/// <param name="Reason"><c>one_time</c></param>
/// <param name="MaxAmount">The most that is charged, in whole minor units; more than zero.</param>
/// <param name="Currency">ISO 4217 code, upper case; the session's has to be the same.</param>
/// <param name="CheckoutSessionId">The session that it pays: <c>cks_…</c></param>
/// <param name="MerchantId">The merchant that is paid, by the name under which mandates know it: the host of the gateway's public URL unless it is set otherwise.</param>
/// <param name="ExpiresAt">Until when it can be used. At most 30 days ahead: a later time is answered as that.</param>
public sealed record Allowance(AllowanceReason Reason, long MaxAmount, string Currency, string CheckoutSessionId, string MerchantId, DateTimeOffset ExpiresAt);

/// <summary>Where a payment token stands.</summary>
public enum PaymentTokenState
{
    /// <summary>It can be used.</summary>
    Active,

    /// <summary>It pays just now, or has paid.</summary>
    Used,

    /// <summary>Whoever made it took it back.</summary>
    Revoked,

    /// <summary>Its time is over.</summary>
    Expired,
}

/// <summary>Permission to pay once.</summary>
/// <param name="Id"><c>ptk_…</c>; names it, and is no secret.</param>
/// <param name="Handler">The provider that charges.</param>
/// <param name="Allowance">What it may pay.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Token"><c>vt_…</c>: what the agent sends as <c>payment.token</c>. Only in the answer that made it, once; a repetition of the request is answered without.</param>
public sealed record PaymentToken(string Id, string Handler, Allowance Allowance, PaymentTokenState State, DateTimeOffset CreatedAt, string? Token = null)
{
    /// <summary>Leaves the token out.</summary>
    public override string ToString() => Id;
}

/// <summary>A payment token's row. Columns are aliased without underscores, since Dapper matches constructor parameters by name.</summary>
internal sealed record PaymentTokenRow(
    string Id, string Handler, long MaxAmount, string Currency, string SessionId, string MerchantId, DateTime ExpiresAt, DateTime CreatedAt, string? UsedBy, DateTime? RevokedAt, bool IsTest)
{
    public const string Columns = """
        id, handler, max_amount as maxamount, currency, checkout_session_id as sessionid, merchant_id as merchantid, expires_at as expiresat, created_at as createdat,
        used_by as usedby, revoked_at as revokedat, is_test as istest
        """;

    public PaymentToken ToToken(DateTimeOffset now) => new(Id, Handler,
        new Allowance(AllowanceReason.OneTime, MaxAmount, Currency, SessionId, MerchantId, new DateTimeOffset(ExpiresAt)),
        UsedBy is not null ? PaymentTokenState.Used : RevokedAt is not null ? PaymentTokenState.Revoked : ExpiresAt <= now.UtcDateTime ? PaymentTokenState.Expired : PaymentTokenState.Active,
        new DateTimeOffset(CreatedAt));

    /// <summary>Why the token cannot pay that, in a word; null where it can.</summary>
    public string? RefusalOf(PaymentOrder order, string handler, string merchant, DateTimeOffset now) =>
        Handler != handler || IsTest != order.IsTest ? "payment_token_unknown"
        : UsedBy is not null && UsedBy != order.PaymentId ? "payment_token_used"
        : RevokedAt is not null ? "payment_token_revoked"
        : ExpiresAt <= now.UtcDateTime ? "payment_token_expired"
        : SessionId != order.CheckoutSessionId ? "payment_token_of_another_session"
        : MerchantId != merchant ? "payment_token_of_another_merchant"
        : Currency != order.Amount.Currency ? "payment_token_of_another_currency"
        : order.Amount.Amount > MaxAmount ? "payment_token_amount_exceeded"
        : null;
}

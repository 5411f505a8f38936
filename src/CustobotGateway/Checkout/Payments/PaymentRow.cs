using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>Where a payment stands. <see cref="Pending"/>, <see cref="RequiresAction"/>, <see cref="Authorised"/> and <see cref="Voiding"/> are settled sooner or later.</summary>
public enum PaymentState
{
    /// <summary>The provider is being asked, or its answer was lost.</summary>
    Pending,

    /// <summary>A person has to do something at the provider first.</summary>
    RequiresAction,

    /// <summary>The order is placed; the provider holds the money and is to take it.</summary>
    Authorised,

    /// <summary>The money is taken.</summary>
    Captured,

    /// <summary>No order came of it; the provider is to let go of the money.</summary>
    Voiding,

    /// <summary>Nothing was taken and nothing is held.</summary>
    Voided,

    /// <summary>The provider refused.</summary>
    Declined,
}

/// <summary>An attempt to pay a session, as it is stored. Whoever changes it holds the session's row and is the attempt that leased it last.</summary>
internal sealed record PaymentRow
{
    public const string Columns = """
        id, session_id as sessionid, order_id as orderid, grant_id as grantid, client_id as clientid, person, handler, state as statename, amount, currency, reference,
        idempotency_key as idempotencykey, request_hash as requesthash, attempt,
        leased_until > clock_timestamp() as isleased, created_at as createdat, is_test as istest
        """;

    public string Id { get; init; } = "";
    public string SessionId { get; init; } = "";
    public string? OrderId { get; init; }
    public string GrantId { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string? Person { get; init; }
    public string Handler { get; init; } = "";
    public string StateName { get; init; } = "";
    public long Amount { get; init; }
    public string Currency { get; init; } = "";
    public string? Reference { get; init; }
    public string? IdempotencyKey { get; init; }
    public byte[] RequestHash { get; init; } = [];
    public int Attempt { get; init; }
    public bool IsLeased { get; init; }
    public DateTime CreatedAt { get; init; }
    public bool IsTest { get; init; }

    /// <summary>Under which key the payment was asked for again by whoever took it over under another than the first: that one is answered too. Null for nobody.</summary>
    public WriteKey? AlsoAsked { get; init; }

    /// <summary>By how much the time of a test client is ahead; zero for all others.</summary>
    public TimeSpan ClockAhead { get; init; }

    public PaymentState State => Wire.To<PaymentState>(StateName);

    public Money Total => new(Amount, Currency);

    public PaymentReference Name => new(Id, Reference, IsTest);

    /// <summary>Who pays, as far as the ledger and the quotes ask.</summary>
    public AgentPrincipal Agent => new(ClientId, Person, GrantId, false, []) { IsTest = IsTest, ClockAhead = ClockAhead };

    /// <summary>Locks the payment that is under way for the session <c>@id</c>, whose row is locked; no row where there is none.</summary>
    public const string LockOpenSql = $"select {Columns} from checkout.payments where session_id = @id and state in ('pending', 'requires_action') for update";

    /// <summary>The payment that is under way for the session, locked; null where there is none. The session's row is locked.</summary>
    public static Task<PaymentRow?> FindOpenAsync(NpgsqlTransaction transaction, string sessionId, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<PaymentRow?>(new CommandDefinition(LockOpenSql, new { id = sessionId }, transaction, cancellationToken: cancellationToken));

    /// <summary>Locks the payment <c>@paymentId</c>.</summary>
    public const string LockSql = $"select {Columns} from checkout.payments where id = @paymentId for update";

    /// <summary>Takes the payment over from whoever worked on it; its next attempt.</summary>
    public static Task<PaymentRow> TakeOverAsync(NpgsqlTransaction transaction, string id, TimeSpan lease, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleAsync<PaymentRow>(new CommandDefinition(
            $"update checkout.payments set attempt = attempt + 1, leased_until = clock_timestamp() + @lease where id = @id returning {Columns}", new { id, lease }, transaction,
            cancellationToken: cancellationToken));
}

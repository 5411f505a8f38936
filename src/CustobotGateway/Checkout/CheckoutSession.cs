using System.Text.Json;
using CustobotGateway.Catalog.Inventory;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>One product of a session or an order; amounts in whole minor units of its currency.</summary>
/// <param name="Id">Unique within the session: <c>li_1</c>.</param>
/// <param name="ProductId"><c>prd_…</c></param>
/// <param name="Title">The product's name when the session was opened.</param>
/// <param name="Quantity">How many.</param>
/// <param name="ListPrice">The price of one before any discount.</param>
/// <param name="UnitPrice">The price of one that is charged.</param>
/// <param name="Total">What the line comes to: unit price times quantity.</param>
public sealed record LineItem(string Id, string ProductId, string Title, int Quantity, long ListPrice, long UnitPrice, long Total)
{
    /// <summary>The product's number.</summary>
    internal long ProductNumber => Ids.TryGetNumber("prd", ProductId, out var number) ? number : throw new InvalidOperationException($"{ProductId} is no product's id.");
}

/// <summary>Which sum a total is.</summary>
public enum TotalType
{
    /// <summary>All lines at their list prices.</summary>
    Subtotal,

    /// <summary>What the agreed prices take off; negative.</summary>
    ItemsDiscount,

    /// <summary>What is charged.</summary>
    Total,
}

/// <summary>One of the sums; they are added, discounts being negative, to the total.</summary>
/// <param name="Type">Which sum.</param>
/// <param name="Amount">Whole minor units.</param>
public sealed record Total(TotalType Type, long Amount);

/// <summary>Where a session stands.</summary>
public enum SessionStatus
{
    /// <summary>Something is missing; its messages say what.</summary>
    Incomplete,

    /// <summary>A person has to do something first; its messages say what and where.</summary>
    RequiresEscalation,

    /// <summary>It can be completed at the prices that it shows.</summary>
    ReadyForComplete,

    /// <summary>It is being paid.</summary>
    CompleteInProgress,

    /// <summary>It has become an order.</summary>
    Completed,

    /// <summary>It expired, or its grant ended, without being completed.</summary>
    Canceled,
}

/// <summary>Names an order.</summary>
/// <param name="Id"><c>ord_…</c></param>
public sealed record OrderReference(string Id);

/// <summary>What an agent is about to buy.</summary>
/// <param name="Id"><c>cks_…</c></param>
/// <param name="Status">Where it stands.</param>
/// <param name="Currency">ISO 4217 code of all amounts.</param>
/// <param name="LineItems">What is bought.</param>
/// <param name="Totals">The sums.</param>
/// <param name="ExpiresAt">Until when the prices hold.</param>
/// <param name="QuoteId">The quote that it redeems, or null.</param>
/// <param name="Order">The order that it became, or null.</param>
public sealed record CheckoutSession(
    string Id, SessionStatus Status, string Currency, IReadOnlyList<LineItem> LineItems, IReadOnlyList<Total> Totals, DateTimeOffset ExpiresAt,
    string? QuoteId = null, OrderReference? Order = null)
{
    /// <summary>What is charged.</summary>
    internal Money Payable => new(LineItems.Sum(line => line.Total), Currency);

    /// <summary>What leaves the stock for it.</summary>
    internal IReadOnlyList<StockLine> StockLines => [.. LineItems.Select(line => new StockLine(line.ProductNumber, line.Quantity))];

    internal static IReadOnlyList<Total> TotalsOf(IReadOnlyList<LineItem> lines)
    {
        var subtotal = lines.Sum(line => line.ListPrice * line.Quantity);
        var total = lines.Sum(line => line.Total);
        return total == subtotal
            ? [new(TotalType.Subtotal, subtotal), new(TotalType.Total, total)]
            : [new(TotalType.Subtotal, subtotal), new(TotalType.ItemsDiscount, total - subtotal), new(TotalType.Total, total)];
    }

    /// <summary>The session of that grant, locked when <paramref name="forUpdate"/>; null where there is none.</summary>
    internal static async Task<CheckoutSession?> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string id, AgentPrincipal agent, DateTimeOffset now, bool forUpdate, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<(string? Id, string Status, string Currency, string Lines, DateTime ExpiresAt, string? QuoteId, string? OrderId)>(
            new CommandDefinition($"""
                select id, status, currency, line_items::text, expires_at, quote_id, order_id from checkout.sessions
                where id = @id and (grant_id = @GrantId or @IsAdministrator) {(forUpdate ? "for update" : "")}
                """, new { id, agent.GrantId, agent.IsAdministrator }, transaction, cancellationToken: cancellationToken));
        if (row.Id is null)
        {
            return null;
        }
        var lines = JsonSerializer.Deserialize<IReadOnlyList<LineItem>>(row.Lines, StoredJson.Options)!;
        var stored = Array.Find(Enum.GetValues<SessionStatus>(), one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()) == row.Status);
        // What is being paid does not expire under the payment.
        var status = stored is SessionStatus.Completed or SessionStatus.CompleteInProgress || now < new DateTimeOffset(row.ExpiresAt) ? stored : SessionStatus.Canceled;
        return new CheckoutSession(row.Id, status, row.Currency, lines, TotalsOf(lines), new DateTimeOffset(row.ExpiresAt), row.QuoteId,
            row.OrderId is null ? null : new OrderReference(row.OrderId));
    }
}

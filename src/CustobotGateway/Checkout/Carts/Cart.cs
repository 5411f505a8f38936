using System.Text.Json;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Carts;

/// <summary>What an agent gathers before it buys. It has no status, no tax and no shipping, and its prices bind nobody.</summary>
/// <param name="Id"><c>crt_…</c></param>
/// <param name="Currency">ISO 4217 code of all amounts.</param>
/// <param name="LineItems">What is gathered.</param>
/// <param name="Totals">The sums of the goods at the prices of now.</param>
/// <param name="ExpiresAt">When it is forgotten: 30 days after it was last changed.</param>
public sealed record Cart(string Id, string Currency, IReadOnlyList<LineItem> LineItems, IReadOnlyList<Total> Totals, DateTimeOffset ExpiresAt)
{
    /// <summary>How long a cart is kept after it was last changed.</summary>
    internal static readonly TimeSpan Validity = TimeSpan.FromDays(30);

    /// <summary>Codes that were entered and discounts that would be taken off; null where there are none.</summary>
    public AppliedDiscounts? Discounts { get; init; }

    /// <summary>Who buys, as the agent said it.</summary>
    public Buyer? Buyer { get; init; }

    /// <summary>Where the buyer came from, as the agent said it.</summary>
    public IReadOnlyDictionary<string, string>? Attribution { get; init; }

    /// <summary>What changed and what to do next.</summary>
    public IReadOnlyList<Message> Messages { get; init; } = [];

    /// <summary>The shop's policies.</summary>
    public IReadOnlyList<ShopLink>? Links { get; init; }

    internal static Cart Of(string id, string currency, DateTimeOffset expiresAt, SessionDocument document) => new(id, currency, document.LineItems, document.Totals, expiresAt)
    {
        Discounts = document.Discounts,
        Buyer = document.Buyer,
        Attribution = document.Attribution,
        Messages = document.Messages,
        Links = document.Links,
    };
}

// Columns are aliased without underscores, since Dapper matches constructor parameters by name.
internal sealed record CartRow(string Id, string GrantId, string Currency, string Document, DateTime ExpiresAt)
{
    /// <summary>The cart of that grant, locked when <paramref name="forUpdate"/>; null where there is none, or where its time is over.</summary>
    public static Task<CartRow?> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string id, AgentPrincipal agent, DateTimeOffset now, bool forUpdate, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<CartRow?>(new CommandDefinition(
            $"select id, grant_id as grantid, currency, document::text as document, expires_at as expiresat from checkout.carts where id = @id and (grant_id = @GrantId or @IsAdministrator) and is_test = @IsTest and expires_at > @now {(forUpdate ? "for update" : "")}",
            new { id, agent.GrantId, agent.IsAdministrator, agent.IsTest, now }, transaction, cancellationToken: cancellationToken));

    public SessionDocument Read() => JsonSerializer.Deserialize<SessionDocument>(Document, StoredJson.Options)!;

    /// <summary>What it asks for, to be priced anew.</summary>
    public Asked Ask()
    {
        var document = Read();
        return new Asked([.. document.LineItems.Select(line => new RequestedItem(line.ProductId, line.Quantity))])
        {
            Currency = Currency,
            Before = document,
            Discounts = document.Discounts is { Codes.Count: > 0 } discounts ? new DiscountCodes(discounts.Codes) : null,
            Buyer = document.Buyer,
            Attribution = document.Attribution,
        };
    }
}

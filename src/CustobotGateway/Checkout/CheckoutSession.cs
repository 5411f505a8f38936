using System.Text.Json;
using System.Text.Json.Serialization;
using CustobotGateway.Catalog.Inventory;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Checkout.Returns;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>Where a session stands.</summary>
public enum SessionStatus
{
    /// <summary>Something is missing; the messages say what.</summary>
    Incomplete,

    /// <summary>The buyer has to do something elsewhere; the messages and <c>continue_url</c> say what.</summary>
    RequiresEscalation,

    /// <summary>It can be completed at the prices that it shows.</summary>
    ReadyForComplete,

    /// <summary>It is being paid.</summary>
    CompleteInProgress,

    /// <summary>It has become an order.</summary>
    Completed,

    /// <summary>It was canceled, expired, or its grant ended, without being completed.</summary>
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
    /// <summary>The cart that it was made from, or null.</summary>
    public string? CartId { get; init; }

    /// <summary>Tax by rate; null where there is none.</summary>
    public IReadOnlyList<TaxPart>? Taxes { get; init; }

    /// <summary>Codes that were entered and discounts that are taken off; null where there are none.</summary>
    public AppliedDiscounts? Discounts { get; init; }

    /// <summary>How the goods reach the buyer; null where the shop does not ask and the agent did not say.</summary>
    public Fulfillment? Fulfillment { get; init; }

    /// <summary>Who buys, as the agent said it.</summary>
    public Buyer? Buyer { get; init; }

    /// <summary>Where the buyer came from, as the agent said it; handed on as it is.</summary>
    public IReadOnlyDictionary<string, string>? Attribution { get; init; }

    /// <summary>What is missing, what changed and what to do next.</summary>
    public IReadOnlyList<Message> Messages { get; init; } = [];

    /// <summary>The shop's policies.</summary>
    public IReadOnlyList<ShopLink>? Links { get; init; }

    /// <summary>Where a person can go on; null where there is no such page, and when the session is over.</summary>
    public Uri? ContinueUrl { get; init; }

    /// <summary>What is charged.</summary>
    internal Money Payable => new(Totals.Single(total => total.Type == TotalType.Total).Amount, Currency);

    /// <summary>What leaves the stock for it.</summary>
    internal IReadOnlyList<StockLine> StockLines => [.. LineItems.Select(line => new StockLine(line.ProductNumber, line.Quantity, PickupOf(line), line.BackOrder is not null))];

    /// <summary>The statuses, as they are stored, in which a session can still be changed, canceled and expire.</summary>
    internal const string OpenStatuses = "('incomplete', 'requires_escalation', 'ready_for_complete')";

    /// <summary>Whether it has neither become an order nor ended, nor is being paid.</summary>
    internal bool IsOpen => Status is SessionStatus.Incomplete or SessionStatus.RequiresEscalation or SessionStatus.ReadyForComplete;

    // What is fetched at a location leaves the stock there.
    private string? PickupOf(LineItem line) =>
        Fulfillment?.Methods.FirstOrDefault(method => method.Type == FulfillmentType.Pickup && method.LineItemIds.Contains(line.Id))?.SelectedDestinationId;

    /// <summary>The sums of lines alone.</summary>
    internal static IReadOnlyList<Total> TotalsOf(IReadOnlyList<LineItem> lines)
    {
        var subtotal = lines.Sum(line => line.ListPrice * line.Quantity);
        var total = lines.Sum(line => line.Total);
        return total == subtotal
            ? [new(TotalType.Subtotal, subtotal), new(TotalType.Total, total)]
            : [new(TotalType.Subtotal, subtotal), new(TotalType.ItemsDiscount, total - subtotal), new(TotalType.Total, total)];
    }
}

/// <summary>A page of the shop.</summary>
/// <param name="Type"><c>privacy_policy</c>, <c>terms_of_service</c>, <c>refund_policy</c>, <c>shipping_policy</c>, <c>faq</c> or another word.</param>
/// <param name="Url">Absolute.</param>
/// <param name="Title">What people are shown; null where the type says it.</param>
public sealed record ShopLink(string Type, Uri Url, string? Title = null);

/// <summary>What a session shows beside its row's columns, as it is stored; an order copies it.</summary>
internal sealed record SessionDocument(IReadOnlyList<LineItem> LineItems, IReadOnlyList<Total> Totals)
{
    public IReadOnlyList<TaxPart>? Taxes { get; init; }

    public AppliedDiscounts? Discounts { get; init; }

    public Fulfillment? Fulfillment { get; init; }

    public Buyer? Buyer { get; init; }

    public IReadOnlyDictionary<string, string>? Attribution { get; init; }

    public IReadOnlyList<Message> Messages { get; init; } = [];

    public IReadOnlyList<ShopLink>? Links { get; init; }

    public Uri? ContinueUrl { get; init; }

    /// <summary>What can be sent back of it, by the rules of that moment; null where that was not kept.</summary>
    public ReturnTerms? Returns { get; init; }

    /// <summary>What is charged.</summary>
    [JsonIgnore]
    public long Payable => Totals.Single(total => total.Type == TotalType.Total).Amount;

    /// <summary>Whether nothing is missing.</summary>
    [JsonIgnore]
    public bool IsReady => Messages.All(message => message.Type != MessageType.Error);

    /// <summary>As it is stored.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json.Options);
}

// Columns are aliased without underscores, since Dapper matches constructor parameters by name.
internal sealed record SessionRow(
    string Id, string GrantId, string? ClientId, string Status, string Currency, string LineItems, DateTime ExpiresAt, string? QuoteId, string? CartId, string? OrderId, string? Document,
    string? Escalation)
{
    public const string Columns = """
        id, grant_id as grantid, client_id as clientid, status, currency, case when document is null then line_items::text else '[]' end as lineitems, expires_at as expiresat,
        quote_id as quoteid, cart_id as cartid, order_id as orderid, document::text as document, escalation::text as escalation
        """;

    /// <summary>Reads the session <c>@id</c> of that grant; no row where there is none.</summary>
    public const string FindSql = $"select {Columns} from checkout.sessions where id = @id and (grant_id = @GrantId or @IsAdministrator) and is_test = @IsTest";

    /// <summary>The same, and locks it.</summary>
    public const string LockSql = FindSql + " for update";

    /// <summary>The session of that grant; null where there is none.</summary>
    public static Task<SessionRow?> FindAsync(NpgsqlConnection connection, string id, AgentPrincipal agent, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<SessionRow?>(new CommandDefinition(FindSql, new { id, agent.GrantId, agent.IsAdministrator, agent.IsTest }, cancellationToken: cancellationToken));

    /// <summary>The session of that grant, locked; null where there is none.</summary>
    public static Task<SessionRow?> LockAsync(NpgsqlTransaction transaction, string id, AgentPrincipal agent, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<SessionRow?>(
            new CommandDefinition(LockSql, new { id, agent.GrantId, agent.IsAdministrator, agent.IsTest }, transaction, cancellationToken: cancellationToken));

    /// <summary>The session that a cart has, locked; null where it has none that is open or being paid.</summary>
    public static Task<SessionRow?> OfCartAsync(NpgsqlTransaction transaction, string cartId, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<SessionRow?>(new CommandDefinition(
            $"select {Columns} from checkout.sessions where cart_id = @cartId and status not in ('completed', 'canceled') for update", new { cartId }, transaction, cancellationToken: cancellationToken));

    public CheckoutSession ToSession(DateTimeOffset now)
    {
        var document = DocumentOf();
        var status = StatusAt(now);
        var escalation = status == SessionStatus.RequiresEscalation ? EscalationOf() : null;
        var isOver = status is SessionStatus.Completed or SessionStatus.Canceled;
        return new CheckoutSession(Id, status, Currency, document.LineItems, document.Totals, new DateTimeOffset(ExpiresAt), QuoteId, OrderId is null ? null : new OrderReference(OrderId))
        {
            CartId = CartId,
            Taxes = document.Taxes,
            Discounts = document.Discounts,
            Fulfillment = document.Fulfillment,
            Buyer = document.Buyer,
            Attribution = document.Attribution,
            Messages = isOver ? [] : escalation is null ? document.Messages : [escalation.ToMessage(), .. document.Messages],
            Links = document.Links,
            ContinueUrl = isOver ? null : escalation?.ContinueUrl is { } url ? new Uri(url, UriKind.RelativeOrAbsolute) : document.ContinueUrl,
        };
    }

    /// <summary>What a person has to do, where it waits for one; else null.</summary>
    public Escalation? EscalationOf() => Escalation is null ? null : JsonSerializer.Deserialize<Escalation>(Escalation, StoredJson.Options);

    // Time ends what nobody is paying for: whether that is written already makes no difference to who reads it.
    private SessionStatus StatusAt(DateTimeOffset now) => Status switch
    {
        "completed" => SessionStatus.Completed,
        "complete_in_progress" => SessionStatus.CompleteInProgress,
        "canceled" => SessionStatus.Canceled,
        _ when now >= new DateTimeOffset(ExpiresAt) => SessionStatus.Canceled,
        "incomplete" => SessionStatus.Incomplete,
        "requires_escalation" => SessionStatus.RequiresEscalation,
        _ => SessionStatus.ReadyForComplete,
    };

    public SessionDocument DocumentOf()
    {
        if (Document is not null)
        {
            return JsonSerializer.Deserialize<SessionDocument>(Document, StoredJson.Options)!;
        }
        var lines = JsonSerializer.Deserialize<IReadOnlyList<LineItem>>(LineItems, StoredJson.Options)!;
        return new SessionDocument(lines, CheckoutSession.TotalsOf(lines));
    }
}

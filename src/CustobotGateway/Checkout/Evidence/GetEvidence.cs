using System.Text.Json;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Evidence;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Keys;
using CustobotGateway.Negotiation;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout.Evidence;

/// <summary>Everything that is known of an order, signed, for a dispute elsewhere.</summary>
public static class GetEvidence
{
    /// <summary>How many events of a history are told, the last ones.</summary>
    public const int MaxEvents = 1_000;

    private const string Format = "custobot-evidence/1";
    private const string SignatureType = "evidence+jws";

    private sealed record PaymentRow(string Id, string Handler, string? Reference, string State, long Amount, string Currency, long Captured, long Refunded);

    internal static void Map(RouteGroupBuilder orders) => orders
        .MapGet("/{id}/evidence", HandleAsync).WithName("getEvidence").RequireOrderReader()
        .WithSummary("Download the evidence of an order")
        .WithDescription("Who bought under which grant, what the grant allowed and what was left of it in that instant, what the caller was taken for, the order, the payment, and the histories with their hash chains: as JSON, and the same as a signed JWS that anybody verifies offline with the keys at /oauth/jwks. The same state of things gives the same statement.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<SignedEvidence>, ProblemHttpResult>> HandleAsync(
        string id, HttpContext context, AgentPrincipal agent, OrderContext orders, EvidenceSigner signer, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, agent, orders, signer, cancellationToken);
        if (outcome.Succeeded)
        {
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"evidence-{outcome.Value.Statement.Order.Id}.json\"";
            context.Response.Headers.CacheControl = "no-store";
        }
        return outcome.ToHttp();
    }

    /// <summary>Gathers and signs it.</summary>
    public static async Task<Outcome<SignedEvidence>> RunAsync(string id, AgentPrincipal agent, OrderContext orders, EvidenceSigner signer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        ArgumentNullException.ThrowIfNull(signer);
        await using var connection = await orders.Database.OpenConnectionAsync(cancellationToken);
        if (await StoredOrder.FindAsync(connection, null, id, OrderAccess.SightOf(agent), forUpdate: false, cancellationToken) is not { } stored)
        {
            return GetOrder.Unknown(id);
        }
        var statement = await GatherAsync(connection, stored, signer, cancellationToken);
        return new SignedEvidence(statement, signer.Keys.Current().Sign(SignatureType, CanonicalJson.Of(statement)));
    }

    private static async Task<EvidenceStatement> GatherAsync(NpgsqlConnection connection, StoredOrder stored, EvidenceSigner signer, CancellationToken cancellationToken)
    {
        var order = stored.Order;
        var ofOrder = await EventLog.ReadNextAsync(connection, order.Id, 0, EventLog.MaxStreamLength, cancellationToken);
        var ofGrant = await EventLog.ReadNextAsync(connection, stored.GrantId, 0, EventLog.MaxStreamLength, cancellationToken);
        var grant = GrantAtInstant.Of(stored.GrantId, ofGrant, order.CheckoutSessionId);
        var histories = new List<EvidenceHistory>
        {
            HistoryOf(order.Id, ofOrder),
            HistoryOf(order.CheckoutSessionId, await EventLog.ReadNextAsync(connection, order.CheckoutSessionId, 0, EventLog.MaxStreamLength, cancellationToken)),
            HistoryOf(stored.GrantId, [.. ofGrant.TakeWhile(entry => grant.Version is null || entry.Version <= grant.Version)]),
        };
        if (ofOrder is [{ Type: "order.placed" } placed, ..] && placed.Read<OrderPlaced>().QuoteId is { } quote
            && await Quotes.NegotiationOfAsync(connection, quote, cancellationToken) is { } negotiation)
        {
            histories.Add(HistoryOf(negotiation, await EventLog.ReadNextAsync(connection, negotiation, 0, EventLog.MaxStreamLength, cancellationToken)));
        }
        var hooks = new List<JsonElement>();
        foreach (var part in signer.Parts)
        {
            hooks.AddRange(await part.ReadAsync(connection, order.Id, cancellationToken));
        }
        return new EvidenceStatement(Format, signer.Url.Base, order,
            new EvidenceIdentity(order.ClientId, order.Person, stored.GrantId, [order.Person, order.ClientId], stored.Caller), grant, await PaymentOfAsync(connection, order.Id, cancellationToken),
            histories, hooks);
    }

    private static EvidenceHistory HistoryOf(string stream, IReadOnlyList<Event> events) =>
        new(stream, [.. events.Skip(Math.Max(0, events.Count - MaxEvents)).Select(EventLine.Of)], events.Count <= MaxEvents);

    private static async Task<EvidencePayment?> PaymentOfAsync(NpgsqlConnection connection, string orderId, CancellationToken cancellationToken) =>
        await connection.QueryFirstOrDefaultAsync<PaymentRow?>(new CommandDefinition(
            "select id, handler, reference, state, amount, currency, captured, refunded from checkout.payments where order_id = @orderId order by created_at desc limit 1", new { orderId },
            cancellationToken: cancellationToken)) is { } row
            ? new EvidencePayment(row.Id, row.Handler, row.Reference, row.State, new Money(row.Amount, row.Currency), row.Captured, row.Refunded)
            : null;
}

/// <summary>What evidence is signed with, and what other modules add to it.</summary>
/// <param name="Keys">The gateway's keys.</param>
/// <param name="Url">Who signs.</param>
/// <param name="Parts">What other modules know of an order.</param>
public sealed record EvidenceSigner(SigningKeyRing Keys, PublicUrl Url, IEnumerable<IOrderEvidence> Parts);

using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>The merchant's invoices, page by page.</summary>
public static class ListInvoices
{
    /// <summary>A page of invoices.</summary>
    /// <param name="Invoices">In the order of their numbers, the highest first.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<Invoice> Invoices, PaymentPage Page);

    internal static void Map(RouteGroupBuilder invoices) => invoices
        .MapGet("/", HandleAsync).WithName("listInvoices").RequireAdministrator()
        .WithSummary("List invoices")
        .WithDescription("Bills for what was bought on account, the latest number first; of one account where it is given. size is 1 to 100, 24 by default; after is the next of the page before.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        NpgsqlDataSource database, CancellationToken cancellationToken, string? account = null, string? after = null, int? size = null) =>
        (await RunAsync(account, after, size, database, cancellationToken)).ToHttp();

    /// <summary>Reads the page.</summary>
    public static async Task<Outcome<Response>> RunAsync(string? account, string? after, int? size, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        if (PaymentPage.FaultOf(after, size) is { } fault)
        {
            return fault;
        }
        var count = size ?? PaymentPage.DefaultSize;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<InvoiceRow>(new CommandDefinition($"""
            select {InvoiceRow.Columns} from checkout.invoices
            where not is_test and (@of::text is null or account = @of) and (@after::text is null or number < @after) order by number desc limit @limit
            """, new { of = account?.Replace("\0", "", StringComparison.Ordinal), after, limit = count + 1 }, cancellationToken: cancellationToken))).AsList();
        return new Response([.. rows.Take(count).Select(row => row.ToInvoice())], new PaymentPage(rows.Count > count ? rows[count - 1].Number : null));
    }
}

/// <summary>The merchant has got the money of an invoice: its credit is free again.</summary>
public static class SettleInvoice
{
    internal static void Map(RouteGroupBuilder invoices) => invoices
        .MapPost("/{number}/settle", HandleAsync).WithName("settleInvoice").CanDryRun().RequireAdministrator()
        .WithSummary("Record that an invoice is paid")
        .WithDescription("What of it was not given back before becomes free again in the account's credit limit. A second time is refused with 409.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Invoice>, ProblemHttpResult>> HandleAsync(
        string number, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(number, idempotencyKey, agent, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Records the payment.</summary>
    public static Task<Outcome<Invoice>> RunAsync(
        string number, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(number);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        return writes.RunAsync<Invoice>(new WriteAttempt(agent, $"invoices/{number}/settle", idempotencyKey, number), async transaction =>
        {
            var (connection, now, known) = (transaction.Connection!, clock.GetUtcNow(), number.Replace("\0", "", StringComparison.Ordinal));
            // The payment's row first, as charging and giving back lock it.
            await connection.ExecuteAsync(new CommandDefinition(
                "select 1 from checkout.invoice_payments where payment_id = (select payment_id from checkout.invoices where number = @known) for update",
                new { known }, transaction, cancellationToken: cancellationToken));
            var row = await connection.QuerySingleOrDefaultAsync<InvoiceRow?>(new CommandDefinition(
                $"select {InvoiceRow.Columns} from checkout.invoices where number = @known for update", new { known }, transaction, cancellationToken: cancellationToken));
            if (row is null)
            {
                return CommonProblems.NotFound.With($"There is no invoice {known}.");
            }
            if (row.PaidAt is { } before)
            {
                return PaymentProblems.InvoicePaid.With($"It was recorded as paid at {before:O}.");
            }
            await connection.ExecuteAsync(new CommandDefinition("""
                update checkout.invoices set paid_at = @now where number = @known;
                update checkout.credit_accounts set used = used - @open where account = @Account and currency = @Currency and is_test = @IsTest
                """, new { now, known, open = row.Amount - row.Credited, row.Account, row.Currency, row.IsTest }, transaction, cancellationToken: cancellationToken));
            return (row with { PaidAt = now.UtcDateTime }).ToInvoice();
        }, cancellationToken);
    }
}

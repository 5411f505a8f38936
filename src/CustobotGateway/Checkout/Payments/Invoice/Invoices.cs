using System.Globalization;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>A bill for what was bought on account.</summary>
/// <param name="Number">Unique and without gaps within its year: <c>INV-2026-000001</c>.</param>
/// <param name="Account">The person or client that pays.</param>
/// <param name="Currency">ISO 4217 code of the amounts.</param>
/// <param name="CheckoutSessionId">What it is for.</param>
/// <param name="PaymentId">The order's payment: <c>pay_…</c></param>
/// <param name="PurchaseOrder">The buyer's own number for the purchase.</param>
/// <param name="Amount">What was charged, in whole minor units.</param>
/// <param name="Credited">What of it was given back since.</param>
/// <param name="IssuedAt">When it was written.</param>
/// <param name="DueAt">Until when it is to be paid.</param>
/// <param name="PaidAt">When the merchant recorded the payment; null while it is open.</param>
public sealed record Invoice(
    string Number, string Account, string Currency, string CheckoutSessionId, string PaymentId, string PurchaseOrder, long Amount, long Credited, DateTimeOffset IssuedAt,
    DateTimeOffset DueAt, DateTimeOffset? PaidAt);

/// <summary>Writes invoices.</summary>
internal static class Invoices
{
    /// <summary>Charges a payment that is held: its invoice gets the next number of the year in the same transaction, so that none is left out.</summary>
    public static async Task WriteAsync(NpgsqlTransaction transaction, InvoicePayment held, long amount, string prefix, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var (last, netDays) = await connection.QuerySingleAsync<(long Last, int NetDays)>(new CommandDefinition("""
            with next as (
                insert into checkout.invoice_years as y (year, is_test, last) values (@Year, @IsTest, 1)
                on conflict (year, is_test) do update set last = y.last + 1 returning last)
            select last, coalesce((select net_days from checkout.credit_accounts where account = @Account and currency = @Currency and is_test = @IsTest), 0) from next
            """, new { now.Year, held.IsTest, held.Account, held.Currency }, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition("""
            update checkout.invoice_payments set state = 'captured', captured = @amount where payment_id = @PaymentId;
            insert into checkout.invoices (number, payment_id, account, currency, is_test, session_id, purchase_order, amount, issued_at, due_at)
            values (@number, @PaymentId, @Account, @Currency, @IsTest, @SessionId, @PurchaseOrder, @amount, @now, @due)
            """,
            new
            {
                number = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{(held.IsTest ? "TEST-" : "")}{now.Year}-{last:000000}"),
                held.PaymentId,
                held.Account,
                held.Currency,
                held.IsTest,
                held.SessionId,
                held.PurchaseOrder,
                amount,
                now,
                due = now.AddDays(netDays),
            }, transaction, cancellationToken: cancellationToken));
    }
}

/// <summary>An invoice's row. Columns are aliased without underscores, since Dapper matches constructor parameters by name.</summary>
internal sealed record InvoiceRow(
    string Number, string Account, string Currency, string SessionId, string PaymentId, string PurchaseOrder, long Amount, long Credited, DateTime IssuedAt, DateTime DueAt, DateTime? PaidAt,
    bool IsTest)
{
    public const string Columns = """
        number, account, currency, session_id as sessionid, payment_id as paymentid, purchase_order as purchaseorder, amount, credited, issued_at as issuedat, due_at as dueat,
        paid_at as paidat, is_test as istest
        """;

    public Invoice ToInvoice() => new(Number, Account, Currency, SessionId, PaymentId, PurchaseOrder, Amount, Credited, new DateTimeOffset(IssuedAt), new DateTimeOffset(DueAt),
        PaidAt is { } paid ? new DateTimeOffset(paid) : null);
}

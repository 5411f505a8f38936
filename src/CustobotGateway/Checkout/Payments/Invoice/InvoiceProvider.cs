using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>
/// Invoice on account: authorising takes from the credit limit of the person, or of the client where the person has no account; charging writes an invoice; giving up and
/// giving back return credit. The token is the buyer's purchase order number.
/// </summary>
internal sealed class InvoiceProvider(NpgsqlDataSource database, InvoiceOptions options, TimeProvider clock) : IPaymentProvider
{
    public const string Name = "invoice";

    private const int LongestPurchaseOrder = 64;

    public string Handler => Name;

    public PaymentHandler? Describe(bool isTest) => !options.Enabled ? null
        : new(Name, "Invoice on account, for buyers with a credit limit", isTest,
            [new("1 to 64 visible characters", "The buyer's purchase order number; it stands on the invoice."), DelegatedPayments.Form], []);

    public ValueTask<ProviderAnswer> AuthoriseAsync(PaymentOrder order, CancellationToken cancellationToken) => RunAsync(async transaction =>
    {
        if (!options.Enabled)
        {
            return ProviderAnswer.Declined("handler_is_off");
        }
        if (order.Token.Length > LongestPurchaseOrder || order.Token.Any(letter => char.IsControl(letter)))
        {
            return ProviderAnswer.Declined("purchase_order_invalid");
        }
        var connection = transaction.Connection!;
        // The row first: of two requests for one payment, the second waits here and finds what the first came to.
        var isNew = await connection.ExecuteAsync(new CommandDefinition("""
            insert into checkout.invoice_payments (payment_id, account, currency, is_test, session_id, purchase_order, state, amount, created_at)
            values (@PaymentId, '', @Currency, @IsTest, @CheckoutSessionId, @Token, 'authorised', @Amount, @now) on conflict do nothing
            """, new { order.PaymentId, order.Amount.Currency, order.IsTest, order.CheckoutSessionId, order.Token, order.Amount.Amount, now = clock.GetUtcNow() },
            transaction, cancellationToken: cancellationToken)) == 1;
        if (!isNew)
        {
            var known = AnswerOf(await InvoicePayment.LockAsync(transaction, order.PaymentId, cancellationToken));
            return known.Outcome == PaymentOutcome.Voided ? ProviderAnswer.Declined("payment_voided", known.Reference) : known;
        }
        var refusal = await TakeAsync(order, transaction, cancellationToken);
        return refusal is null ? new ProviderAnswer(PaymentOutcome.Authorised, order.PaymentId) : ProviderAnswer.Declined(refusal, order.PaymentId);
    }, cancellationToken);

    public ValueTask<ProviderAnswer> CaptureAsync(PaymentReference payment, Money amount, CancellationToken cancellationToken) => RunAsync(async transaction =>
    {
        if (await InvoicePayment.LockAsync(transaction, payment.PaymentId, cancellationToken) is not { State: "authorised" } held)
        {
            return AnswerOf(await InvoicePayment.LockAsync(transaction, payment.PaymentId, cancellationToken));
        }
        if (amount.Amount <= 0 || amount.Amount > held.Amount || amount.Currency != held.Currency)
        {
            return ProviderAnswer.Declined("amount_exceeds_authorised", held.PaymentId);
        }
        await Invoices.WriteAsync(transaction, held, amount.Amount, options.NumberPrefix, clock.GetUtcNow(), cancellationToken);
        await GiveBackAsync(transaction, held, held.Amount - amount.Amount, cancellationToken);
        return AnswerOf(held with { State = "captured", Captured = amount.Amount });
    }, cancellationToken);

    public ValueTask<ProviderAnswer> VoidAsync(PaymentReference payment, CancellationToken cancellationToken) => RunAsync(async transaction =>
    {
        // What was never asked for is from now on refused.
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into checkout.invoice_payments (payment_id, account, currency, is_test, session_id, purchase_order, state, amount, created_at)
            values (@PaymentId, '', '', @IsTest, '', '', 'voided', 0, @now) on conflict do nothing
            """, new { payment.PaymentId, payment.IsTest, now = clock.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
        if (await InvoicePayment.LockAsync(transaction, payment.PaymentId, cancellationToken) is not { State: "authorised" } held)
        {
            return AnswerOf(await InvoicePayment.LockAsync(transaction, payment.PaymentId, cancellationToken));
        }
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update checkout.invoice_payments set state = 'voided' where payment_id = @PaymentId", new { payment.PaymentId }, transaction, cancellationToken: cancellationToken));
        await GiveBackAsync(transaction, held, held.Amount, cancellationToken);
        return AnswerOf(held with { State = "voided" });
    }, cancellationToken);

    public ValueTask<ProviderAnswer> RefundAsync(PaymentReference payment, string refundId, Money amount, CancellationToken cancellationToken) => RunAsync(async transaction =>
    {
        if (await InvoicePayment.LockAsync(transaction, payment.PaymentId, cancellationToken) is not { } charged)
        {
            return new ProviderAnswer(PaymentOutcome.NotFound);
        }
        var connection = transaction.Connection!;
        if (await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            "select amount from checkout.invoice_refunds where refund_id = @refundId and payment_id = @PaymentId", new { refundId, payment.PaymentId }, transaction, cancellationToken: cancellationToken)) is not null)
        {
            return AnswerOf(charged);
        }
        if (charged.State != "captured" || amount.Amount <= 0 || amount.Amount > charged.Captured - charged.Refunded || amount.Currency != charged.Currency)
        {
            return ProviderAnswer.Declined(charged.State == "captured" ? "amount_exceeds_captured" : "not_captured", charged.PaymentId) with { Captured = charged.Captured, Refunded = charged.Refunded };
        }
        // An invoice that was paid has returned its credit already: what is given back then is money, which the merchant sends by his own bank.
        var isPaid = await connection.QuerySingleAsync<bool>(new CommandDefinition("""
            insert into checkout.invoice_refunds (refund_id, payment_id, amount, made_at) values (@refundId, @PaymentId, @Amount, @now);
            update checkout.invoice_payments set refunded = refunded + @Amount where payment_id = @PaymentId;
            update checkout.invoices set credited = credited + @Amount where payment_id = @PaymentId returning paid_at is not null
            """, new { refundId, payment.PaymentId, amount.Amount, now = clock.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
        await GiveBackAsync(transaction, charged, isPaid ? 0 : amount.Amount, cancellationToken);
        return AnswerOf(charged with { Refunded = charged.Refunded + amount.Amount });
    }, cancellationToken);

    public ValueTask<ProviderAnswer> FindAsync(PaymentReference payment, CancellationToken cancellationToken) => RunAsync(async transaction =>
        AnswerOf(await InvoicePayment.LockAsync(transaction, payment.PaymentId, cancellationToken)), cancellationToken);

    // One conditional statement takes the credit: whatever runs beside, the limit is not passed. The person's account comes before the client's.
    private static async Task<string?> TakeAsync(PaymentOrder order, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var values = new { order.PaymentId, order.ClientId, person = order.Person, order.Amount.Amount, order.Amount.Currency, order.IsTest };
        var account = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition("""
            select account from checkout.credit_accounts where account in (@person, @ClientId) and currency = @Currency and is_test = @IsTest
            order by account is distinct from @person limit 1
            """, values, transaction, cancellationToken: cancellationToken));
        var refusal = account is null ? "no_credit_account"
            : await connection.ExecuteAsync(new CommandDefinition("""
                update checkout.credit_accounts set used = used + @Amount
                where account = @account and currency = @Currency and is_test = @IsTest and used + @Amount <= credit_limit
                """, new { account, order.Amount.Amount, order.Amount.Currency, order.IsTest }, transaction, cancellationToken: cancellationToken)) == 0 ? "credit_limit_exceeded"
            : null;
        await connection.ExecuteAsync(new CommandDefinition(
            "update checkout.invoice_payments set account = @account, state = @state, decline_code = @refusal where payment_id = @PaymentId",
            new { account = account ?? "", state = refusal is null ? "authorised" : "declined", refusal, order.PaymentId }, transaction, cancellationToken: cancellationToken));
        return refusal;
    }

    private static Task GiveBackAsync(NpgsqlTransaction transaction, InvoicePayment payment, long amount, CancellationToken cancellationToken) => amount == 0 ? Task.CompletedTask
        : transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update checkout.credit_accounts set used = used - @amount where account = @Account and currency = @Currency and is_test = @IsTest",
            new { amount, payment.Account, payment.Currency, payment.IsTest }, transaction, cancellationToken: cancellationToken));

    private static ProviderAnswer AnswerOf(InvoicePayment? payment) => payment switch
    {
        null => new(PaymentOutcome.NotFound),
        { State: "authorised" } => new(PaymentOutcome.Authorised, payment.PaymentId),
        { State: "voided" } => new(PaymentOutcome.Voided, payment.PaymentId),
        { State: "declined" } => ProviderAnswer.Declined(payment.DeclineCode!, payment.PaymentId),
        _ => new(payment.Refunded > 0 ? PaymentOutcome.Refunded : PaymentOutcome.Captured, payment.PaymentId, Captured: payment.Captured, Refunded: payment.Refunded),
    };

    private async ValueTask<ProviderAnswer> RunAsync(Func<NpgsqlTransaction, Task<ProviderAnswer>> work, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var answer = await work(transaction);
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }
}

/// <summary>A payment on account. Columns are aliased without underscores, since Dapper matches constructor parameters by name.</summary>
internal sealed record InvoicePayment(
    string PaymentId, string Account, string Currency, bool IsTest, string SessionId, string PurchaseOrder, string State, string? DeclineCode, long Amount, long Captured, long Refunded)
{
    public static Task<InvoicePayment?> LockAsync(NpgsqlTransaction transaction, string id, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<InvoicePayment?>(new CommandDefinition("""
            select payment_id as paymentid, account, currency, is_test as istest, session_id as sessionid, purchase_order as purchaseorder, state, decline_code as declinecode,
                amount, captured, refunded
            from checkout.invoice_payments where payment_id = @id for update
            """, new { id }, transaction, cancellationToken: cancellationToken));
}
